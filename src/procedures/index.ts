import type { Procedure } from '../kernel/procedure';
import { complaint } from './complaint/procedure';
import { inquiry } from './inquiry/procedure';
import { report } from './report/procedure';

/** Every procedure of the measures, in the order of their articles: the product's table of contents. */
const ALL: readonly Procedure[] = [complaint, report, inquiry];

export const PROCEDURES: ReadonlyMap<string, Procedure> = new Map(ALL.map((procedure) => [procedure.name, procedure]));
