import { DISCREET } from '../notify/wording';
import type { Rulebook } from '../rulebook/rulebook';

/**
 * Statistics are made to be shown around, and a count of one can point at one reporter: „yesterday there were six reports, today there are
 * seven" tells a provider who knows its own people a good deal (第十八条). Rule: every count over a procedure whose existence is confidential is
 * told in bands (0–4, 5–9, 10–14, …) as wide as the rulebook says, for everybody who reads statistics. Since totals are banded like their
 * parts, no part can be had by subtraction; and shares, which would give the parts away, are not told at all. The board of the queues is
 * another matter: those who oversee must see that each task is taken up, and are told of each that is not.
 */
export const isGuarded = (procedure: string): boolean => DISCREET.includes(procedure);

/** How wide the bands of a procedure are; null where nothing has to be guarded. */
export const bandOf = (procedure: string, book: Pick<Rulebook, 'param'>): number | null => (isGuarded(procedure) ? book.param('statistics.min_group') : null);

/** The lower end of the band a count lies in; the count itself where there is none. */
export const told = (count: number, band: number | null): number => (band === null ? count : Math.floor(count / band) * band);
