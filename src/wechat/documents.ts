/**
 * Reads the two forms a push comes in, JSON and XML, into plain values.
 *
 * XML is read by a strict reader of our own, not a library: WeChat's documents are elements with text or CDATA, without
 * attributes, comments or namespaces. A reader that knows no DOCTYPE, no entity but the five predefined ones and no
 * attribute has nothing of XML's dangers (entity expansion, external entities), and what it does not know it refuses.
 */
export interface Fields {
  [name: string]: Field;
}
export type Field = string | number | boolean | null | Fields | Field[];

const MAX_DEPTH = 6;
const MAX_ELEMENTS = 2000;

/** The fields of a push body, or undefined when it is neither a JSON object nor such an XML document. */
export function readDocument(text: string): Fields | undefined {
  try {
    const body = text.trimStart();
    return body.startsWith('<') ? readXml(body) : readJson(body);
  } catch {
    return undefined;
  }
}

/**
 * JSON with whole numbers of 16 digits and more kept as text: `MsgId` has 64 bits, and JSON.parse would round two
 * different ones to the same number.
 */
function readJson(text: string): Fields | undefined {
  const kept = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    /^-?\d{16,}$/.test(token) ? `"${token}"` : token,
  );
  const value: unknown = JSON.parse(kept);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&(#x?[0-9a-fA-F]{1,6}|[a-z]{1,5});|&/g, (whole, name?: string) => {
    if (name?.startsWith('#')) {
      const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      return String.fromCodePoint(code);
    }
    const character = name === undefined ? undefined : ENTITIES[name];
    if (character === undefined) throw new SyntaxError(`entity ${whole}`);
    return character;
  });
}

const TOKEN = /<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z_][\w.-]*)\s*(\/?)>|([^<]+)/y;

/** The children of the root element, which WeChat calls `xml`. An element that repeats becomes an array. */
function readXml(text: string): Fields | undefined {
  const source = text.replace(/^<\?xml [^?<>]*\?>/, '').trim();
  const root: Fields = Object.create(null) as Fields;
  const open: { name: string; fields: Fields; text: string; hasChildren: boolean }[] = [
    { name: '', fields: root, text: '', hasChildren: false },
  ];
  let elements = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const found = TOKEN.exec(source);
    if (!found) return undefined;
    const [, cdata, closing, name, selfClosing, plain] = found;
    const top = open[open.length - 1]!;
    if (name === undefined) {
      top.text += cdata ?? decoded(plain ?? '');
      continue;
    }
    if (!closing) {
      elements += 1;
      if (open.length > MAX_DEPTH || elements > MAX_ELEMENTS) return undefined;
      top.hasChildren = true;
      open.push({ name, fields: Object.create(null) as Fields, text: '', hasChildren: false });
    }
    if (closing || selfClosing) {
      const ended = open.pop()!;
      const parent = open[open.length - 1];
      if (!parent || ended.name !== name) return undefined;
      // Text beside elements has no place in these documents, save the white space between them.
      if (ended.hasChildren && ended.text.trim() !== '') return undefined;
      append(parent.fields, name, ended.hasChildren ? ended.fields : ended.text);
    }
  }
  const document = root['xml'];
  const isAlone = open.length === 1 && open[0]!.text.trim() === '' && Object.keys(root).length === 1;
  return isAlone && typeof document === 'object' && document !== null && !Array.isArray(document) ? document : undefined;
}

function append(fields: Fields, name: string, value: Field): void {
  const there = fields[name];
  if (there === undefined) fields[name] = value;
  else if (Array.isArray(there)) there.push(value);
  else fields[name] = [there, value];
}

/** A text inside CDATA; the one sequence that would end it early is split over two sections. */
export const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
