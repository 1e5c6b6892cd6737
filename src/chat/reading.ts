import { LRUCache } from 'lru-cache';
import { ARTICLES, UNREGULATED } from '../rulebook/articles';
import charactersJson from './data/characters.json';
import dialectJson from './data/dialect.json';
import examplesJson from './data/intents.json';
import lexiconJson from './data/lexicon.json';
import { normalise, segmented, windowsOf, wordsIn } from './text';

/**
 * What people meant to type. Of use for understanding only: what is stored and shown is always what they typed.
 *
 * Three slips are undone, each only where the words of the trade leave no doubt: pinyin without characters («wo yao tousu»),
 * another character of the same sound («诊段»), and the everyday words of the region («俺», «啥», «中不中»).
 */
export function reading(text: string): string {
  const known = lately.get(text);
  if (known !== undefined) return known;
  const read = inStandardWords(withTermsRestored(withPinyinRead(normalise(text).slice(0, LENGTH_MAX))));
  lately.set(text, read);
  return read;
}

const lately = new LRUCache<string, string>({ max: 500 });
/** Nobody means anything by more than this; a pasted book must not cost seconds. */
const LENGTH_MAX = 2000;

// ---- Sounds -------------------------------------------------------------------------------------------------------

const SYLLABLES = new Map(Object.entries(charactersJson.pinyin).flatMap(([sound, characters]) => [...characters].map((one) => [one, sound] as const)));
/** What ears and input methods confuse: zh/z, ch/c, sh/s, and the two nasal endings. */
const blurred = (sound: string): string => sound.replace(/^([zcs])h/, '$1').replace(/([aei])ng$/, '$1n');
/** Ways to write a sound where the ear does not tell them apart: shenbao, shengbao. */
const spellingsOf = (sound: string): string[] => sound.split(' ').reduce<string[]>((written, syllable) => {
  const ends = [...new Set([syllable, syllable.replace(/([aei])n$/, '$1ng'), syllable.replace(/([aei])ng$/, '$1n')])];
  const both = ends.flatMap((one) => [one, one.replace(/^([zcs])(?!h)/, '$1h'), one.replace(/^([zcs])h/, '$1')]);
  return written.flatMap((start) => [...new Set(both)].map((end) => start + end));
}, ['']);
function soundOf(text: string): string | null {
  const sounds = [...text].map((one) => SYLLABLES.get(one));
  return sounds.includes(undefined) ? null : sounds.join(' ');
}
const blurredSoundOf = (text: string): string | null => soundOf(text)?.split(' ').map(blurred).join(' ') ?? null;

// ---- The vocabulary: what examples, questions and answers say -----------------------------------------------------

interface Vocabulary {
  /** Two-character windows that occur as they are: nothing to correct. */
  windows: ReadonlySet<string>;
  /** Terms of the trade by blurred sound. */
  terms: ReadonlyMap<string, string>;
  /** The most frequent word for a sound written without spaces. */
  words: ReadonlyMap<string, string>;
}

/** Terms worth restoring: long enough that a same-sounding word elsewhere is rare. */
const isTerm = (word: string): boolean => /^\p{Script=Han}{2,4}$/u.test(word);
/** Short words that hold a sentence in pinyin together; alone they prove nothing. */
const SMALL = '我你他想要不是的了吗呢有没做办查找提请给把到去在转和几多谁能可会看被这那个家';

function build(): Vocabulary {
  const lines = [...Object.values(examplesJson).flat(), ...[...ARTICLES, ...UNREGULATED].flatMap(({ questions, keywords, answer }) => [...questions, ...keywords, answer])];
  const counts = new Map<string, number>();
  const windows = new Set<string>();
  for (const line of lines) {
    for (const window of windowsOf(normalise(line))) windows.add(window);
    for (const word of segmented(normalise(line))) if (isTerm(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  for (const term of [...lexiconJson.domain, ...lexiconJson.terms]) if (isTerm(term)) counts.set(term, (counts.get(term) ?? 0) + 50);
  const terms = new Map<string, string>();
  const words = new Map<string, string>();
  const byCount = [...counts].toSorted((a, b) => b[1] - a[1]);
  for (const [word, count] of byCount) {
    const sound = soundOf(word);
    if (!sound) continue;
    const plain = sound.replaceAll(' ', '');
    if (!words.has(plain)) words.set(plain, word);
    if (count >= 50) for (const spelling of spellingsOf(sound)) if (!words.has(spelling)) words.set(spelling, word);
    const blur = blurredSoundOf(word)!;
    if (count >= 50 && !terms.has(blur)) terms.set(blur, word);
  }
  return { windows, terms, words };
}
let built: Vocabulary | undefined;
const vocabulary = (): Vocabulary => (built ??= build());

// ---- Pinyin -------------------------------------------------------------------------------------------------------

const WORD_MAX = 24;
const smallBySound = new Map([...SMALL].map((one) => [SYLLABLES.get(one)!, one]));

/** Runs of letters that are pinyin throughout, with at least one word of the trade among them, as characters. */
const withPinyinRead = (text: string): string => text.replaceAll(/[a-z][a-z' ]{2,79}[a-z]/g, (run) => pinyinIn(run.replaceAll(/[' ]/g, '')) ?? run.split(' ').map((word) => pinyinIn(word.replaceAll("'", '')) ?? word).join(' '));

function pinyinIn(letters: string): string | null {
  const { words } = vocabulary();
  // best[i]: the reading of the first i letters with the fewest pieces.
  const best: ({ text: string; pieces: number; hasWord: boolean } | undefined)[] = [{ text: '', pieces: 0, hasWord: false }];
  for (let end = 1; end <= letters.length; end += 1) {
    for (let start = Math.max(0, end - WORD_MAX); start < end; start += 1) {
      const before = best[start];
      if (!before) continue;
      const piece = letters.slice(start, end);
      const word = words.get(piece);
      const text = word ?? smallBySound.get(piece);
      if (!text) continue;
      const pieces = before.pieces + (word ? 1 : 1.5);
      const held = best[end];
      if (!held || pieces < held.pieces) best[end] = { text: before.text + text, pieces, hasWord: before.hasWord || word !== undefined };
    }
  }
  const whole = best[letters.length];
  return whole?.hasWord ? whole.text : null;
}

// ---- Same sound, other character ----------------------------------------------------------------------------------

/**
 * Puts a term of the trade where something of the same sound stands that is said nowhere else. One character at least must be
 * right, and no word may be cut: «报名当» is no «名单».
 */
function withTermsRestored(text: string): string {
  const { windows, terms } = vocabulary();
  let read = text;
  for (const length of [4, 3, 2]) {
    const edges = edgesOf(read);
    for (let at = 0; at + length <= read.length; at += 1) {
      const piece = read.slice(at, at + length);
      if (!isTerm(piece) || !edges.has(at) || !edges.has(at + length)) continue;
      const term = terms.get(blurredSoundOf(piece) ?? '');
      if (!term || term === piece || ![...piece].some((one, i) => one === term[i])) continue;
      if (windowsOf(piece).every((window) => windows.has(window))) continue;
      read = read.slice(0, at) + term + read.slice(at + length);
    }
  }
  return read;
}

/** Where words begin and end, by the dictionary. */
function edgesOf(text: string): Set<number> {
  const edges = new Set([text.length]);
  for (const { index } of wordsIn(text)) edges.add(index);
  return edges;
}

// ---- Everyday words -----------------------------------------------------------------------------------------------

const DIALECT = (dialectJson as [string, string][]).map(([words, standard]) => [new RegExp(words, 'gu'), standard] as const);
const inStandardWords = (text: string): string => DIALECT.reduce((said, [words, standard]) => said.replaceAll(words, standard), text);
