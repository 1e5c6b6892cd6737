import { SaxesParser, type SaxesAttributeNS, type SaxesTagNS } from 'saxes';
import { unsupported } from '../kinds';

const MAX_DEPTH = 256;

/** What becomes of an element: kept with these attributes, left out with its content, or left out around its content. */
export type Fate = { keep: Record<string, string> } | 'drop' | 'unwrap';

export interface Rewriting {
  element(tag: SaxesTagNS): Fate;
  /** Text inside an element; default: as it is. */
  text?(text: string, inside: string): string;
}

/**
 * Writes XML anew from what a parser read: comments, processing instructions and document types do not survive.
 * @throws Refusal UNSUPPORTED_TYPE when it is not well-formed, brings a document type (entities), or nests too deep
 */
export function rewriteXml(bytes: Buffer, { element, text = (t) => t }: Rewriting): Buffer {
  const out = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'];
  const open: { local: string; fate: 'keep' | 'drop' | 'unwrap' }[] = [];
  let dropping = 0;
  const parser = new SaxesParser({ xmlns: true });
  const write = (content: string) => {
    if (dropping === 0) out.push(escapeText(text(content, open.at(-1)?.local ?? '')));
  };
  parser.on('error', () => { throw unsupported('文件已损坏'); });
  parser.on('doctype', () => { throw unsupported('文件含有不允许的声明'); });
  parser.on('opentag', (tag) => {
    if (open.length >= MAX_DEPTH) throw unsupported('文件的层级过深');
    const fate = dropping > 0 ? 'drop' : element(tag);
    if (fate === 'drop') dropping += 1;
    else if (fate !== 'unwrap') out.push(`<${tag.name}${attributes(fate.keep)}>`);
    open.push({ local: tag.local, fate: typeof fate === 'string' ? fate : 'keep' });
  });
  parser.on('closetag', (tag) => {
    const closed = open.pop()!;
    if (closed.fate === 'drop') dropping -= 1;
    else if (closed.fate === 'keep') out.push(`</${tag.name}>`);
  });
  parser.on('text', write);
  parser.on('cdata', write);
  parser.write(decode(bytes)).close();
  return Buffer.from(out.join(''), 'utf8');
}

/** All attributes of a tag, but those an inspector turns away. */
export function attributesOf(tag: SaxesTagNS, keeps: (attribute: SaxesAttributeNS) => boolean = () => true): Record<string, string> {
  return Object.fromEntries(Object.values(tag.attributes).filter(keeps).map(({ name, value }) => [name, value]));
}

/** Office writes UTF-8; some producers write UTF-16 with a byte order mark. */
function decode(bytes: Buffer): string {
  const label = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    throw unsupported('文件已损坏');
  }
}

const attributes = (all: Record<string, string>): string =>
  Object.entries(all).map(([name, value]) => ` ${name}="${escapeText(value).replaceAll('"', '&quot;').replace(/[\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`)}"`).join('');

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
