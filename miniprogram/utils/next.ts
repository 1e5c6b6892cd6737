import type { CaseLine, CaseView, FieldDescription, Opening } from '../services/types';
import type { Values } from '../forms/model';
import { addressOf } from './own-pages';

/** The field of an opening that asks for a case such as this one: what comes next after it (a plan after a diagnosis, a contract after a plan). */
const askingFor = ({ form }: Pick<Opening, 'form'>, { procedure, state }: Pick<CaseView, 'procedure' | 'state'>): FieldDescription | undefined =>
  form.find(({ required, of }) => required && of?.procedure === procedure && of.state === state.name);

export interface Next { title: string; address: string }

/** Ends after which the same may be begun once more. */
const GIVEN_UP = new Set(['rejected', 'withdrawn', 'lapsed', 'refused', 'terminated', 'failed']);

/** What can be begun on this case. `linked`: cases that already follow from it; one at a time of a procedure. */
export const nextAfter = (openings: readonly Opening[], view: Pick<CaseView, 'no' | 'procedure' | 'state'>, linked: readonly Pick<CaseLine, 'procedure' | 'state'>[]): Next[] =>
  openings.filter((opening) => askingFor(opening, view) && !linked.some(({ procedure, state }) => procedure === opening.procedure && !GIVEN_UP.has(state.name))).map((opening) => ({ title: opening.title, address: `${addressOf(opening)}&from=${view.no}` }));

/** What must have happened before something can be begun, by the case its form asks for. */
const BEFORE: Readonly<Record<string, string>> = { 'diagnosis.confirmed': '企业确认诊断报告后办理', 'plan.approved': '改造方案通过备案后办理', 'contract.delivered': '企业确认交付后办理' };
/** Which of one's cases a form stands on; null where it stands by itself. */
export const standsOn = ({ form }: Pick<Opening, 'form'>): { procedure: string; state?: string; words: string } | null => {
  const of = form.find((field) => field.required && field.of)?.of;
  return of ? { ...of, words: BEFORE[`${of.procedure}.${of.state ?? ''}`] ?? '前一步办结后办理' } : null;
};

/** Whether something already follows from a case; what comes next is told until then. */
export const isFollowed = (linked: readonly Pick<CaseLine, 'state'>[]): boolean => linked.some(({ state }) => !GIVEN_UP.has(state.name));

interface FiledPlan { totalFen: number; split: unknown; start: string; finish: string }

/** What a form takes over from the case it stands on, so that nobody copies figures by hand; they can be changed, and the server compares them. */
export function takenFrom(opening: string, { data }: Pick<CaseView, 'data'>, today: string): Values {
  if (opening !== 'contract.open') return {};
  const filed = (data['current'] ?? data['approved']) as FiledPlan | undefined;
  return filed ? { amountFen: filed.totalFen, split: filed.split, start: filed.start > today ? filed.start : today, finish: filed.finish } : {};
}
