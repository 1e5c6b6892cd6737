import { orgTag, type Actor } from '../../kernel/actor';
import type { Case } from '../../kernel/case';
import type { Values } from '../../kernel/fields';
import type { Look, OrgFacts } from '../../kernel/look';
import type { Ctx, Opening, Outcome } from '../../kernel/procedure';
import { invalid, Refusal } from '../../kernel/refusal';
import { beijingDate } from '../../rulebook/calendar';
import { notForBothSides } from '../both-sides';
import type { assignForm, chooseForm, data, declineForm, disputeForm, requestForm, settleForm, withdrawForm } from './forms';
import { draft } from './forms';
import { candidatesFor, match, type Candidates } from './matching';

export type Diagnosis = Values<typeof data>;
export type Input<F extends { parse(input: unknown): unknown }> = ReturnType<F['parse']>;

/** States in which a diagnosis is under way; an enterprise has one at a time. */
export const RUNNING = ['requested', 'choosing', 'matching', 'assessing', 'issued', 'revising', 'reviewing'] as const;

export interface RequestFacts {
  enterprise: OrgFacts | null;
  chosen: OrgFacts | null;
  candidates: Candidates;
  /** The enterprise's latest diagnosis, whatever became of it. */
  last: Case | null;
}

export const requestFacts = async (look: Look, { actor, input }: { actor: Actor; input: Input<typeof requestForm> }): Promise<RequestFacts> => {
  const enterprise = actor.org ? await look.organisation(actor.org) : null;
  return {
    enterprise,
    chosen: input.provider ? await look.organisation(input.provider) : null,
    candidates: input.provider ? { ofSector: true, list: [] } : await candidatesFor(look, enterprise?.sector),
    last: enterprise ? ((await look.ofParty(orgTag(enterprise.id), 'diagnosis'))[0] ?? null) : null,
  };
};

function listed(provider: OrgFacts | null, field = 'provider'): OrgFacts {
  if (provider?.kind !== 'provider' || provider.standing !== 'listed') throw invalid(field, '服务商库中没有这家服务商，请另选', '12.1');
  return provider;
}

/** 12.1: a pilot enterprise asks for a diagnosis and names a provider of the register, or lets the system propose one. */
export function request({ input, facts, no }: Omit<Ctx<Diagnosis, Input<typeof requestForm>, RequestFacts>, 'case'> & { no: string }): Opening<Diagnosis> {
  const { enterprise, last } = facts;
  if (enterprise?.kind !== 'enterprise') throw new Refusal('FORBIDDEN', { detail: '请先认领企业' });
  if (!enterprise.pilot) throw new Refusal('FORBIDDEN', { detail: '诊断服务面向试点企业，贵企业尚未列入试点名单', article: '12.1' });
  if (last && (RUNNING as readonly string[]).includes(last.state)) {
    throw new Refusal('CONFLICT', { detail: `贵企业已有一项诊断正在进行（${last.no}）`, article: '12.1' });
  }
  const matched = input.provider ? null : match(facts.candidates, no);
  if (!input.provider && !matched) throw new Refusal('CONFLICT', { detail: '服务商库中暂时没有可推荐的服务商，请稍后再试或联系市工信局', article: '12.1' });
  const provider = matched?.provider ?? listed(facts.chosen);
  return {
    data: { ...input, provider: provider.id, chosenBy: matched ? 'matched' : 'enterprise', former: [], issued: [], disputes: [] },
    parties: { enterprise: [orgTag(enterprise.id)], provider: [orgTag(provider.id)] },
    names: { enterprise: enterprise.name, provider: provider.name },
    region: enterprise.region, sector: enterprise.sector,
    // Each diagnosis of an enterprise follows exactly one other: of two requests at the same moment one finds the place taken.
    once: `diagnosis:${enterprise.id}:${last?.no ?? 'first'}`,
    note: matched?.note ?? '企业自选服务商',
  };
}

export function accept({ case: c, actor }: Ctx<Diagnosis, unknown>): Outcome<Diagnosis> {
  notForBothSides(c, actor);
  return {};
}

/** What one provider wrote is not handed to the next. */
const blank = (): Partial<Diagnosis> => ({
  ...Object.fromEntries(Object.keys(draft).map((name) => [name, undefined])),
  report: undefined, result: undefined, issued: [], disputes: [],
});

const without = (c: Case<Diagnosis>, why: string, now: Date): Outcome<Diagnosis> => ({
  parties: { provider: [] }, names: { provider: '待选定' },
  set: {
    ...blank(), provider: undefined, coordination: undefined,
    former: [...c.data.former, { provider: c.data.provider!, name: c.names['provider'] ?? '', why, on: beijingDate(now) }],
  },
});

export const decline = ({ case: c, input, now }: Ctx<Diagnosis, Input<typeof declineForm>>): Outcome<Diagnosis> =>
  ({ ...without(c, input.reason, now), note: `服务商未承接，企业可另选；原因：${input.reason}` });

/** Silence is no acceptance: the enterprise is free to choose another. */
export const acceptLapse = ({ case: c, now }: Ctx<Diagnosis, unknown>): Outcome<Diagnosis> =>
  ({ ...without(c, '逾期未接受', now), note: '服务商逾期未接受，企业可另选' });

export const handBack = ({ case: c, input, now }: Ctx<Diagnosis, Input<typeof declineForm>>): Outcome<Diagnosis> =>
  ({ ...without(c, input.reason, now), note: `服务商退回诊断任务，企业可另选；原因：${input.reason}` });

/** A provider who let the report's day go by may be replaced; until then the enterprise waits or withdraws. */
export const isOverdue = (c: Case<Diagnosis>): boolean => Boolean(c.clock?.overdueAt);
export const replace = ({ case: c, now }: Ctx<Diagnosis, unknown>): Outcome<Diagnosis> =>
  ({ ...without(c, '逾期未出具报告', now), note: '逾期未出具报告，企业另选服务商' });

export interface ChooseFacts { chosen: OrgFacts | null; candidates: Candidates }
export const chooseFacts = async (look: Look, { case: c, input }: { case: Case<Diagnosis>; input: Input<typeof chooseForm> }): Promise<ChooseFacts> => ({
  chosen: input.provider ? await look.organisation(input.provider) : null,
  candidates: input.provider ? { ofSector: true, list: [] } : await candidatesFor(look, c.sector),
});

const given = (provider: { id: string; name: string }, chosenBy: Diagnosis['chosenBy'], note: string): Outcome<Diagnosis> => ({
  parties: { provider: [orgTag(provider.id)] }, names: { provider: provider.name }, set: { provider: provider.id, chosenBy }, note,
});

/** Providers that are not chosen once more for this request: whoever has it, and whoever had it. */
export const passedOver = ({ data }: Case<Diagnosis>): string[] => [...data.former.map(({ provider }) => provider), ...(data.provider ? [data.provider] : [])];

/** Chooses another. The proposal binds nobody: before the provider has accepted, the enterprise may change its mind. */
export function choose({ case: c, input, facts, now }: Ctx<Diagnosis, Input<typeof chooseForm>, ChooseFacts>): Outcome<Diagnosis, 'requested' | 'matching'> {
  const past = passedOver(c);
  const left: Partial<Diagnosis> = c.state === 'requested' ? without(c, '企业在其接受前另选', now).set! : {};
  if (input.provider) {
    if (input.provider === c.data.provider) throw invalid('provider', '现在就在等这家服务商答复，请另选一家', '12.1');
    if (past.includes(input.provider)) throw invalid('provider', '这家服务商未承接本次诊断，请另选一家', '12.1');
    const outcome = given(listed(facts.chosen), 'enterprise', '企业另选服务商');
    return { to: 'requested', ...outcome, set: { ...left, ...outcome.set } };
  }
  const matched = match(facts.candidates, c.no, past);
  if (!matched) {
    if (c.state === 'requested') throw new Refusal('CONFLICT', { detail: '没有其他可推荐的服务商', article: '12.1' });
    return { to: 'matching', note: '没有其他可推荐的服务商，转市工信局协调' };
  }
  const outcome = given(matched.provider, 'matched', matched.note);
  return { to: 'requested', ...outcome, set: { ...left, ...outcome.set } };
}

export const assignFacts = (look: Look, { input }: { input: Input<typeof assignForm> }): Promise<OrgFacts | null> => look.organisation(input.provider);
/** The bureau brings the two together (4.3); neither is bound: the provider may decline, the enterprise may still choose. */
export function assign({ input, facts }: Ctx<Diagnosis, Input<typeof assignForm>, OrgFacts | null>): Outcome<Diagnosis> {
  const outcome = given(listed(facts), 'desk', `市工信局协调推荐：${input.reason}`);
  // Kept as data too: the provider it is about reads it there, and a later one does not.
  return { ...outcome, set: { ...outcome.set, coordination: input.reason } };
}

export const withdraw = ({ input }: Ctx<Diagnosis, Input<typeof withdrawForm>>): Outcome<Diagnosis> => (input.reason ? { note: input.reason } : {});

// ---- After the report ---------------------------------------------------------------------------------------------

export function confirm({ case: c, actor }: Ctx<Diagnosis, unknown>): Outcome<Diagnosis> {
  notForBothSides(c, actor);
  return { note: `改造前数字化等级：${c.data.result!.gradeName}` };
}

/** Each issue of the report may be disputed once. */
export const mayDispute = (c: Case<Diagnosis>): boolean => !c.data.disputes.some(({ revision }) => revision === c.data.report?.revision);

/** The first dispute goes back to the provider; who disputes the revised report too is heard by the bureau (4.4). */
export function dispute({ case: c, input, actor, now }: Ctx<Diagnosis, Input<typeof disputeForm>>): Outcome<Diagnosis, 'revising' | 'reviewing'> {
  notForBothSides(c, actor);
  return {
    to: c.data.disputes.length === 0 ? 'revising' : 'reviewing',
    set: { disputes: [...c.data.disputes, { revision: c.data.report!.revision, on: beijingDate(now), reasons: input.reasons }] },
  };
}

/**
 * Silence does not bind the enterprise, since the grade before decides what it must reach later, nor does it leave the provider
 * waiting: the bureau asks the enterprise and then lets the report stand or sends it back. Until then the enterprise may still
 * confirm or dispute by itself.
 */
export const confirmLapse = (): Outcome<Diagnosis> => ({ set: { silent: true }, note: '企业逾期未确认，由市工信局核实' });

export const settle = ({ case: c, input }: Ctx<Diagnosis, Input<typeof settleForm>>): Outcome<Diagnosis, 'confirmed' | 'revising'> => ({
  to: input.result === 'confirm' ? 'confirmed' : 'revising',
  set: { decision: input.decision },
  note: input.result === 'confirm' ? `报告成立，改造前数字化等级：${c.data.result!.gradeName}` : '退回服务商修订',
});
