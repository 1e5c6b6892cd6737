import { createHash, randomBytes } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { IV_BYTES, openBytes, sealBytes, TAG_BYTES } from '../vault/aead';

export type BlobId = mongoose.mongo.BSON.ObjectId;
export const newBlobId = (): BlobId => new mongoose.mongo.ObjectId();
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Sealed bytes in GridFS (bucket `evidence`): iv, tag, ciphertext. A file is small enough to be opened as a whole, so none of it leaves unchecked. */
export function blobStore(connection: Connection) {
  const bucket = () => new mongoose.mongo.GridFSBucket(connection.db!, { bucketName: 'evidence' });

  async function put(id: BlobId, bytes: Buffer, dataKey: Buffer, context: string): Promise<void> {
    const iv = randomBytes(IV_BYTES);
    const { tag, ciphertext } = sealBytes(dataKey, iv, bytes, Buffer.from(context));
    // The name says nothing: neither the file's own name nor the case.
    const upload = bucket().openUploadStreamWithId(id, id.toHexString());
    await new Promise<void>((resolve, reject) => {
      upload.once('finish', resolve).once('error', reject);
      upload.write(iv);
      upload.write(tag);
      upload.end(ciphertext);
    });
  }

  /** @returns the bytes, or null when they are missing, altered, or not those of the hash */
  async function get(id: BlobId, dataKey: Buffer, context: string, hash: string): Promise<Buffer | null> {
    const stored = await read(id);
    if (!stored || stored.length < IV_BYTES + TAG_BYTES) return null;
    try {
      const [iv, tag] = [stored.subarray(0, IV_BYTES), stored.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
      const bytes = openBytes(dataKey, iv, { tag, ciphertext: stored.subarray(IV_BYTES + TAG_BYTES) }, Buffer.from(context));
      return sha256(bytes) === hash ? bytes : null;
    } catch {
      return null;
    }
  }

  async function read(id: BlobId): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    try {
      for await (const part of bucket().openDownloadStream(id)) parts.push(part as Buffer);
    } catch (error) {
      // Missing or cut chunks are damage, which the caller reports; anything else is the database's trouble.
      if (/^(?:FileNotFound|ChunkIsMissing|ChunkIsWrongSize|ExtraChunk)|^File .* not found/i.test((error as Error).message)) return null;
      throw error;
    }
    return Buffer.concat(parts);
  }

  async function remove(id: BlobId): Promise<void> {
    const found = await bucket().find({ _id: id }).hasNext();
    if (found) await bucket().delete(id);
    // Chunks of an upload that never finished have no file entry.
    else await connection.collection('evidence.chunks').deleteMany({ files_id: id });
  }

  return { put, get, remove };
}
