import { DISCREET } from '../notify/wording';

/**
 * Statistics are made to be shown around, and a count of one can point at one reporter: „yesterday there were six reports, today there are
 * seven" tells a provider who knows its own people a good deal (第十八条). Rule: every count over a procedure whose existence is confidential is
 * told in bands of `BAND` (0–4, 5–9, 10–14, …), for everybody. Since totals are banded like their parts, no part can be had by
 * subtraction; and shares, which would give the parts away, are not told at all.
 */
export const BAND = 5;

export const isGuarded = (procedure: string): boolean => DISCREET.includes(procedure);

/** The lower end of the band a count lies in; the count itself where nothing has to be guarded. */
export const told = (count: number, guarded: boolean): number => (guarded ? Math.floor(count / BAND) * BAND : count);
