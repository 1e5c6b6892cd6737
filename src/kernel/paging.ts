import { Refusal } from './refusal';

/** The fields a list is sorted by, up to the number or id that makes each place unique. All but the last are dates or whole numbers. */
export type Order = readonly (readonly [path: string, direction: 1 | -1])[];
type Place = readonly (Date | number | string)[];

export const sortOf = (order: Order): Record<string, 1 | -1> => Object.fromEntries(order);

/** What stands behind a place: greater in the first field, or equal there and greater in the next, and so on. */
export const beyond = (order: Order, place: Place): { $or: object[] } => ({
  $or: order.map(([path, direction], i) => ({
    ...Object.fromEntries(order.slice(0, i).map(([before], k) => [before, place[k]])),
    [path]: { [direction === 1 ? '$gt' : '$lt']: place[i] },
  })),
});

const at = (doc: unknown, path: string): unknown => path.split('.').reduce<any>((value, key) => value?.[key], doc); // any: walks a document

/** Opaque to clients: dates with a mark, so that they come back as dates. */
export function cursorOf(order: Order, doc: object): string {
  const parts = order.map(([path]) => {
    const value = at(doc, path);
    return value instanceof Date ? `d${value.getTime()}` : String(value ?? 'd0');
  });
  return Buffer.from(parts.join(' ')).toString('base64url');
}

const CASE_NO = /^[A-Z0-9-]{1,30}$/;

/** @param last what the last field looks like */
export function parseCursor(order: Order, text: string, last = CASE_NO): Place {
  const parts = Buffer.from(text, 'base64url').toString('utf8').split(' ');
  const isPlace = parts.length === order.length && parts.every((part, i) => (i === order.length - 1 ? last : /^d?-?\d{1,15}$/).test(part));
  if (!isPlace) throw new Refusal('MALFORMED', { detail: '翻页参数无效，请从第一页重新开始' });
  return parts.map((part, i) => (i === order.length - 1 ? part : part.startsWith('d') ? new Date(Number(part.slice(1))) : Number(part)));
}
