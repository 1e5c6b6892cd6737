import charactersJson from './data/characters.json';

/** How the chat-bot reads Chinese: one normal form, and the same windows over a text wherever two texts are compared. */

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

/** Traditional characters and their simplified forms, one after the other. */
const SIMPLIFIED = new Map(Array.from({ length: charactersJson.simplified.length / 2 }, (_, i) => [charactersJson.simplified[2 * i]!, charactersJson.simplified[2 * i + 1]!]));
const TRADITIONAL = new RegExp(`[${[...SIMPLIFIED.keys()].join('')}]`, 'gu');

/** Full-width to half-width, lower case, simplified characters, invisible characters out. Keeps punctuation: it separates clauses. */
export const normalise = (text: string): string =>
  text.normalize('NFKC').replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ').replaceAll(TRADITIONAL, (one) => SIMPLIFIED.get(one)!).toLowerCase().trim();

/** The pieces of a text as a dictionary cuts it, with their places. */
export const wordsIn = (text: string): Intl.SegmentData[] => [...segmenter.segment(text)];
export const segmented = (text: string): string[] => wordsIn(text).filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);

/** All two-character windows over what is left without punctuation. */
export function windowsOf(text: string): string[] {
  const characters = [...text.replaceAll(/[^\p{Script=Han}\p{Letter}\p{Number}?]/gu, '')];
  return characters.slice(0, -1).map((one, i) => one + characters[i + 1]!);
}

const FILLERS = /^(?:呃|额|嗯+|啊|那个|这个|请问(?:一下)?|你好|您好|麻烦|哎|喂|[\s,，。!！~～、])+/u;
/** The text without the courtesies in front, unless there is nothing else. */
export const bare = (text: string): string => {
  const rest = normalise(text).replace(FILLERS, '');
  return rest === '' ? normalise(text) : rest;
};

/** Words, single characters excepted, and all two-character windows: words for meaning, windows for what the dictionary does not know. */
export function features(text: string): string[] {
  const clean = bare(text);
  const found = new Set<string>();
  for (const word of segmented(clean)) found.add(`w:${word}`);
  for (const window of windowsOf(clean)) found.add(window);
  const characters = [...clean.replaceAll(/[^\p{Script=Han}\p{Letter}\p{Number}?]/gu, '')];
  if (characters.length > 0) {
    found.add(`^${characters[0]}`);
    found.add(`${characters.at(-1)}$`);
  }
  return [...found];
}

/** Clauses of a message, in order. */
export const clauses = (text: string): string[] => normalise(text).split(/[,，。;；!！、\n]+|\s{1,}(?=\p{Script=Han})/u).map((part) => part.trim()).filter(Boolean);

/** Whether the words ask rather than tell. */
export const isQuestion = (text: string): boolean =>
  /[?？吗呢么]\s*$|怎么|怎样|如何|什么|多少|几[个天家条种步次]|哪[些个里家]|谁|能不能|可不可以|是不是|要不要|有没有|会不会|为啥|为什么|多久|何时|是否|吗/u.test(normalise(text));

/** The words as they may be kept: without identity and phone numbers. */
export const blot = (text: string): string => text.normalize('NFKC').replaceAll(/(?<!\d)\d{17}[\dXx](?!\d)/gu, '［证件号已隐去］')
  .replaceAll(/(?<!\d)1\d{10}(?!\d)/gu, (phone) => `${phone.slice(0, 3)}****${phone.slice(-4)}`);
