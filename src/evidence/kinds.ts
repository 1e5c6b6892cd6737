import { Refusal } from '../kernel/refusal';

/** What may be handed in. Anything else has no way to be cleaned, or is not evidence. */
export const KINDS = {
  jpeg: { mime: 'image/jpeg', extension: 'jpg', label: 'JPG图片' },
  png: { mime: 'image/png', extension: 'png', label: 'PNG图片' },
  webp: { mime: 'image/webp', extension: 'webp', label: 'WebP图片' },
  pdf: { mime: 'application/pdf', extension: 'pdf', label: 'PDF' },
  docx: { mime: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', extension: 'docx', label: 'Word（docx）' },
  xlsx: { mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extension: 'xlsx', label: 'Excel（xlsx）' },
  mp4: { mime: 'video/mp4', extension: 'mp4', label: 'MP4视频' },
} as const;
export type Kind = keyof typeof KINDS;

const ACCEPTED = `可提交：${Object.values(KINDS).map(({ label }) => label).join('、')}`;

/** A file that is not taken, with what the person can do about it. */
export const unsupported = (why: string): Refusal => new Refusal('UNSUPPORTED_TYPE', { detail: `${why}。${ACCEPTED}` });

export interface Limits {
  /** Of one file as handed in. */
  maxBytes: number;
  /** Width × height of one picture, also of those inside documents. */
  maxPixels: number;
  /** Of a docx or xlsx, which are archives. */
  maxEntries: number;
  maxUnpackedBytes: number;
  /** Unpacked to packed size of one entry above 1 MB. */
  maxRatio: number;
  maxPages: number;
  /** Files of one person that belong to no case yet. */
  maxPending: number;
}

export const LIMITS: Limits = {
  maxBytes: 20 * 1024 * 1024,
  maxPixels: 60_000_000,
  maxEntries: 2000,
  maxUnpackedBytes: 120 * 1024 * 1024,
  maxRatio: 500,
  maxPages: 500,
  maxPending: 30,
};
