/**
 * The data types of subscribe-message fields (订阅消息参数值内容限制说明). A template key is a type and a number, such as
 * `thing1`. WeChat answers 47003 to a value that breaks its type, and the message is lost: make values with `fitField`.
 */
export const FIELD_TYPES = [
  'thing',
  'number',
  'letter',
  'symbol',
  'character_string',
  'time',
  'date',
  'amount',
  'phone_number',
  'car_number',
  'name',
  'phrase',
  'enum',
] as const;

export type FieldType = (typeof FIELD_TYPES)[number];

/** The type of a template key (`thing1` -> `thing`), or undefined for a key of no known type. */
export function fieldTypeOf(key: string): FieldType | undefined {
  const type = /^([a-z_]+)\d{1,4}$/.exec(key)?.[1];
  return FIELD_TYPES.find((known) => known === type);
}

const HAN = /\p{Script=Han}/u;
/** Control and format characters (zero-width, direction overrides), unassigned and private ones, halves of a pair. */
const UNSEEN = /\p{C}/u;

/** Whether WeChat takes this value for this type. Length is counted in UTF-16 units, the stricter of the possible readings. */
export function isFitting(type: FieldType, value: string): boolean {
  if (value.trim() === '' || UNSEEN.test(value) || /[\u2028\u2029]/u.test(value)) return false;
  switch (type) {
    case 'thing':
      return value.length <= 20;
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(value) && value.replace(/\D/g, '').length <= 32;
    case 'letter':
      return /^[A-Za-z]{1,32}$/.test(value);
    case 'symbol':
      return value.length <= 5 && !/[\p{L}\p{N}]/u.test(value);
    case 'character_string':
      return /^[!-~]{1,32}$/.test(value);
    case 'time':
      return isRangeOf(value, isTime);
    case 'date':
      return isRangeOf(value, isDate);
    case 'amount':
      return /^[¥￥$€£]?\d{1,10}(\.\d{1,2})?元?$/.test(value);
    case 'phone_number':
      return /^[0-9+\-() ]{1,17}$/.test(value) && /\d/.test(value);
    case 'car_number':
      return /^[\p{Script=Han}A-Z0-9]{1,8}$/u.test(value) && value.length <= 8;
    case 'name':
      return /^[\p{L}\p{P} ]+$/u.test(value) && value.length <= (HAN.test(value) ? 10 : 20);
    case 'phrase':
      return /^\p{Script=Han}{1,5}$/u.test(value) && value.length <= 5;
    case 'enum':
      return true;
  }
}

/**
 * The text as a valid value of the type, or null where none can be made without saying something else: words are
 * cleaned and cut (with an ellipsis inside the limit), numbers, times and codes never.
 */
export function fitField(type: FieldType, text: string): string | null {
  const clean = cleaned(text);
  const value = shape(type, clean).trim();
  return isFitting(type, value) ? value : null;
}

function shape(type: FieldType, clean: string): string {
  switch (type) {
    case 'thing':
      return cut(clean, 20, '…');
    case 'phrase':
      return cut(only(clean, /\p{Script=Han}/u), 5, '');
    case 'name': {
      const name = only(clean, /[\p{L}\p{P} ]/u);
      return cut(name, HAN.test(name) ? 10 : 20, '…');
    }
    case 'phone_number':
      return clean.replace(/[－—]/g, '-');
    default:
      return clean;
  }
}

/** One line of visible characters: no control or format characters, no emoji, white space single. */
const cleaned = (text: string): string =>
  text
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/\p{C}|\p{M}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();

const only = (text: string, wanted: RegExp): string => [...text].filter((character) => wanted.test(character)).join('');

/** Cuts to at most `max` UTF-16 units, never through a character, `mark` included when something was cut. */
function cut(text: string, max: number, mark: string): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length + mark.length > max) break;
    kept += character;
  }
  return kept.trimEnd() + mark;
}

const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const DAY = /^(\d{4})(?:年(\d{1,2})月(\d{1,2})日|([-/.])(\d{1,2})\4(\d{1,2}))$/;

function isTime(text: string): boolean {
  const parts = text.split(' ');
  return parts.length === 2 ? isDay(parts[0]!) && isClock(parts[1]!) : parts.length === 1 && isClock(text);
}

function isDate(text: string): boolean {
  const parts = text.split(' ');
  return parts.length === 2 ? isDay(parts[0]!) && isClock(parts[1]!) : parts.length === 1 && isDay(text);
}

function isRangeOf(text: string, isOne: (part: string) => boolean): boolean {
  const ends = text.split('~');
  return ends.length <= 2 && ends.every((end) => isOne(end.trim()));
}

function isClock(text: string): boolean {
  const found = CLOCK.exec(text);
  return found !== null && Number(found[1]) <= 23 && Number(found[2]) <= 59 && Number(found[3] ?? 0) <= 59;
}

function isDay(text: string): boolean {
  const found = DAY.exec(text);
  if (!found) return false;
  const [year, month, day] = [Number(found[1]), Number(found[2] ?? found[5]), Number(found[3] ?? found[6])];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const SHANGHAI = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** An instant as the value of a `time` or `date` field: `2026-11-22 14:05`, in the city's own time. */
export function fieldTime(at: Date): string {
  const part = Object.fromEntries(SHANGHAI.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${part['year']}-${part['month']}-${part['day']} ${part['hour']}:${part['minute']}`;
}
