import { fileTypeFromBuffer } from 'file-type/core';
import { endOfArchive } from './zip';
import { KINDS, unsupported, type Kind } from './kinds';

/** Sentences for what people most often try, so that they know what to do instead. */
const INSTEAD: Record<string, string> = {
  'image/heic': 'HEIC照片请先转换为JPG（手机相机可设为“兼容性最佳”）',
  'image/heif': 'HEIC照片请先转换为JPG（手机相机可设为“兼容性最佳”）',
  'video/quicktime': 'MOV视频请先转换为MP4',
  'application/x-cfb': '旧版Office文件（doc、xls）请另存为docx、xlsx；已加密的文件请先取消密码',
  'application/vnd.ms-word.document.macroenabled.12': '不接收含宏的文件',
  'application/vnd.ms-excel.sheet.macroenabled.12': '不接收含宏的文件',
  'application/zip': '压缩包请解压后逐个提交',
};

/** Beginnings of text that a browser or a shell would run. */
const ACTIVE_TEXT = /^\s*(?:<!doctype|<html|<script|<svg|<\?xml|<\?php|<%|#!|mz)|<(?:script|html|svg|iframe)[\s>]/i;
const HEAD_BYTES = 1024;

/**
 * Which kind of file this is by its content; name and declared type count for nothing.
 * @throws Refusal UNSUPPORTED_TYPE for kinds not taken, and for files that are two kinds at once
 */
export async function sniff(bytes: Buffer): Promise<Kind> {
  if (bytes.length === 0) throw unsupported('文件是空的');
  const head = bytes.toString('latin1', 0, HEAD_BYTES);
  const found = await fileTypeFromBuffer(bytes);
  const kind = (Object.keys(KINDS) as Kind[]).find((name) => KINDS[name].mime === found?.mime);
  if (!kind) throw unsupported(INSTEAD[found?.mime ?? ''] ?? '不支持该文件类型');

  const isArchive = kind === 'docx' || kind === 'xlsx';
  const isTwoThings = (!isArchive && (endOfArchive(bytes) >= 0 || ACTIVE_TEXT.test(head)))
    || (kind === 'pdf' ? !head.startsWith('%PDF-') : head.includes('%PDF-'));
  if (isTwoThings) throw unsupported('文件夹带其他类型的内容');
  return kind;
}
