import type { Kind } from './kinds';
import type { BlobId } from './blobs';

export type ScanState = 'clean' | 'unscanned' | 'infected';

/** A file as stored in `files`; its bytes lie sealed in GridFS, its name and data key sealed here. */
export interface StoredFile {
  /** 128 random bits; the only name by which the outside knows it. */
  id: string;
  city: string;
  state: 'storing' | 'ready' | 'removing';
  kind: Kind;
  /** The name the uploader gave, cleaned; it may say who they are. */
  name: string;
  dataKey: string;
  size: number;
  /** Of the original, as handed in: this is what receipts vouch for. */
  sha256: string;
  servedSize: number;
  servedSha256: string;
  uploader: string;
  caseNo: string | null;
  attachedAt?: Date;
  field?: string;
  /** Whether other readers of the case see the uploader's name for the file. */
  showsName: boolean;
  scan: ScanState;
  createdAt: Date;
  originalId: BlobId;
  servedId: BlobId;
}

/** A file as the rest of the product knows it. */
export interface FileRecord {
  id: string;
  city: string;
  /** As this viewer may see it: the uploader's own name, or a neutral one. */
  name: string;
  mime: string;
  /** Bytes of the original. */
  size: number;
  sha256: string;
  /** The person who handed it in. Never part of a view. */
  uploader: string;
  caseNo?: string;
  field?: string;
  scan: ScanState;
  createdAt: Date;
}
