const MAX_NAME = 120;

/**
 * A name fit to be shown: no path, no control, invisible or direction-changing characters, at most 120 characters, and the
 * ending of what the file really is (`合同.pdf.exe` that is a JPEG becomes `合同.pdf.jpg`).
 */
export function shownName(given: string, extension: string): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\.[A-Za-z0-9]{1,8}$/, '')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const stem = [...plain].slice(0, MAX_NAME - extension.length - 1).join('');
  return `${stem || '未命名'}.${extension}`;
}

/** RFC 6266 with the RFC 5987 form for Chinese names; the plain form is for the oldest readers. */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
