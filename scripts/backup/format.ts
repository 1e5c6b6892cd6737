export const FORMAT = 'szt-backup/1';
export const MANIFEST = 'manifest.json';
export const KEYS_MANIFEST = 'keys-manifest.json';

/**
 * Kept apart from the rest: with an identity's data key goes every copy of the identity, in backups too, so only the latest
 * keys may be kept. An older backup restored with the latest keys shows nothing that was erased since.
 */
export const APART: readonly string[] = ['identityKeys'];
/** Sessions are not brought back: one that was revoked after the backup would be valid again. */
export const LEFT_OUT: readonly string[] = ['sessions'];

export interface FileNote {
  /** Lines; a case that changed while it was read has several, and the last one holds. */
  count: number;
  sha256: string;
  indexes: Record<string, unknown>[];
}

export interface Manifest {
  format: string;
  database: string;
  startedAt: Date;
  endedAt: Date;
  /** When the last case changed: what happened after it is not in this backup. */
  newest: Date | null;
  /** False when the system never stood still long enough; take it again at a quieter hour. */
  consistent: boolean;
  collections: Record<string, FileNote>;
}

export interface KeysManifest {
  format: string;
  takenAt: Date;
  collections: Record<string, FileNote>;
}
