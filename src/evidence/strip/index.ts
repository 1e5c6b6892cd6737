import type { Kind, Limits } from '../kinds';
import { withoutMp4Metadata } from './boxes';
import { redraw } from './image';
import { rebuildOffice } from './office';
import { rebuildPdf } from './pdf';

/**
 * The copy that others may see: same kind, made anew without its metadata. Whatever cannot be made anew is refused.
 * @throws Refusal UNSUPPORTED_TYPE
 */
export async function servedCopy(bytes: Buffer, kind: Kind, limits: Limits): Promise<Buffer> {
  switch (kind) {
    case 'jpeg': case 'png': case 'webp': return redraw(bytes, kind, limits);
    case 'pdf': return rebuildPdf(bytes, limits);
    case 'docx': case 'xlsx': return rebuildOffice(bytes, limits);
    case 'mp4': return withoutMp4Metadata(bytes);
  }
}
