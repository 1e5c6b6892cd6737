import { orgTag } from './actor';
import { shanghaiMidnight as from } from './numbers';
import type { Procedure } from './procedure';

export interface SearchDeps {
  procedures: ReadonlyMap<string, Procedure>;
  /** Ids of organisations whose name contains the text, at most `limit`. */
  organisationsNamed(text: string, limit: number): Promise<string[]>;
}

/** One word of a search for names: the organisations so called, or null where they are too many to list. */
export interface Term { text: string; tags: ReadonlySet<string> | null }

export interface Search {
  filters: object[];
  terms: Term[];
}

const WORDS_AT_MOST = 3;
/** The database merges one stream of cases for each organisation; so many it still does in order. */
const ORGANISATIONS_AT_MOST = 50;

/**
 * What a person types into the search box, as filters beside the reader's own. A number from its front becomes its procedure and
 * days, which the index of each reader's cases holds; a name becomes the organisations so called, whose cases have an index. A
 * word that fits more organisations than that stands in so many cases that a page of them is soon found by looking.
 * @returns null if nothing can match
 */
export async function searchFor(q: string, { procedures, organisationsNamed }: SearchDeps): Promise<Search | null> {
  const words = q.normalize('NFKC').trim().split(/\s+/u).filter(Boolean).slice(0, WORDS_AT_MOST);
  const search: Search = { filters: [], terms: [] };
  for (const word of words) {
    const number = numberFilter(word.toUpperCase(), procedures);
    if (number) {
      search.filters.push(number);
      continue;
    }
    const found = await organisationsNamed(word, ORGANISATIONS_AT_MOST + 1);
    if (found.length === 0) return null;
    const term: Term = { text: word, tags: found.length > ORGANISATIONS_AT_MOST ? null : new Set(found.map(orgTag)) };
    search.terms.push(term);
    search.filters.push(term.tags ? { involved: { $in: [...term.tags] } } : anyName(word, procedures));
  }
  return words.length === 0 ? null : search;
}

/** `JB20261122-7K3MQ9` and any part from its front, at least the prefix. */
function numberFilter(text: string, procedures: ReadonlyMap<string, Procedure>): object | null {
  const procedure = [...procedures.values()].find(({ prefix }) => text.startsWith(prefix));
  const rest = procedure && /^(\d{0,8})(-[0-9A-Z]{0,6})?$/.exec(text.slice(procedure.prefix.length));
  if (!rest || (rest[2] !== undefined && rest[1]!.length < 8)) return null;
  return { procedure: procedure!.name, no: { $gte: text, $lt: `${text}~` }, openedAt: daysOf(rest[1]!) };
}

/** The time in which numbers with these first digits of a day were given, in whole years, months or days of Shanghai. */
function daysOf(digits: string): { $gte: Date; $lt: Date } {
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)];
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (year.length < 4) return { $gte: from(2000), $lt: from(10_000) };
  if (month.length < 2) return { $gte: from(y), $lt: from(y + 1) };
  if (day.length < 2) return { $gte: from(y, m), $lt: from(y, m + 1) };
  return { $gte: from(y, m, d), $lt: from(y, m, d + 1) };
}

/** The word in the name of any party; only beside a filter that has an index. */
function anyName(word: string, procedures: ReadonlyMap<string, Procedure>): object {
  const parties = [...new Set([...procedures.values()].flatMap((procedure) => Object.keys(procedure.parties)))];
  const contains = { $regex: literally(word), $options: 'i' };
  return { $or: parties.map((party) => ({ [`names.${party}`]: contains })) };
}

/** As a regular expression that means these characters and nothing else. */
export const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);

/** Whether one of the parties shown is meant by the word. */
export const namesIn = ({ text, tags }: Term, parties: readonly { tags: readonly string[]; name: string }[]): boolean =>
  parties.some(({ tags: own, name }) => (tags ? own.some((tag) => tags.has(tag)) : name.toLowerCase().includes(text.toLowerCase())));
