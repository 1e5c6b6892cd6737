import type { Actor } from '../../kernel/actor';
import type { Case, Effect } from '../../kernel/case';
import { canonical } from '../../kernel/chain';
import type { Values } from '../../kernel/fields';
import type { Look } from '../../kernel/look';
import type { BeginCtx, Ctx, Opening, Outcome } from '../../kernel/procedure';
import { Refusal } from '../../kernel/refusal';
import { notForBothSides } from '../both-sides';
import type { Ballot, data, excludeForm, inviteForm, rateForm } from './forms';

export type Rating = Values<typeof data>;
export type Input<F extends { parse(input: unknown): unknown }> = ReturnType<F['parse']>;

export const inviteFacts = (look: Look, { input }: { input: Input<typeof inviteForm> }): Promise<Case | null> => look.case(input.contract);

/** 14: one rating per accepted project and enterprise, whatever happens to the project's cases afterwards. */
export function invite({ input, facts: contract }: BeginCtx<Input<typeof inviteForm>, Case | null>): Opening<Rating> {
  if (!contract) throw new Refusal('NOT_FOUND');
  return {
    data: { ...input, ballots: [] },
    parties: { enterprise: contract.parties['enterprise'] ?? [], provider: contract.parties['provider'] ?? [] },
    names: { enterprise: contract.names['enterprise'] ?? '', provider: contract.names['provider'] ?? '' },
    ...(contract.region ? { region: contract.region } : {}), ...(contract.sector ? { sector: contract.sector } : {}),
    links: [{ no: contract.no, relation: '合同' }, { no: input.acceptance, relation: '验收' }],
    once: `rating:${contract.no}`,
  };
}

export interface RateFacts { contract: Case | null; ofProvider: boolean }

export async function rateFacts(look: Look, { case: c, actor }: { case: Case<Rating>; actor: Actor }): Promise<RateFacts> {
  const providers = (c.parties['provider'] ?? []).map((tag) => tag.replace(/^org:/, ''));
  return {
    contract: await look.case(c.data.contract),
    ofProvider: (await Promise.all(providers.map((org) => look.isMember(actor.person, org)))).includes(true),
  };
}

/**
 * The same step and the same stored shape for every level. It may be taken again until the window closes; saying the same
 * once more adds nothing. Nobody of the provider rates, in whatever capacity they are signed in.
 */
export function rate({ case: c, input, actor, facts, now }: Ctx<Rating, Input<typeof rateForm>, RateFacts>): Outcome<Rating> {
  if (facts.ofProvider) throw new Refusal('FORBIDDEN', { detail: '服务商的人员不能代企业评价', article: '14' });
  if (facts.contract) notForBothSides(facts.contract, actor);
  const said = { overall: input.overall, items: input.items, comment: input.comment ?? '' };
  const last = c.data.ballots.at(-1);
  if (last && canonical(opinionOf(last)) === canonical(said)) return {};
  return { set: { ballots: [...c.data.ballots, { no: (last?.no ?? 0) + 1, at: now.toISOString(), ...said }] } };
}

/** It may still be changed until the window closes. */
export const hasRated = (c: Case<Rating>): boolean => c.data.ballots.length > 0;

const opinionOf = ({ overall, items, comment }: Ballot) => ({ overall, items, comment });

/** Silence is never satisfaction. 不满意 after a passed acceptance is a ground for a warning (15.4), open to objection (17.2). */
export function close({ case: c }: Ctx<Rating, unknown>): Outcome<Rating, 'counted' | 'notRated'> {
  const last = c.data.ballots.at(-1);
  if (!last) return { to: 'notRated', note: '评价期内未评价，不计入满意度' };
  const result = opinionOf(last);
  return { to: 'counted', set: { result, ...(result.overall === 'dissatisfied' ? { warningGround: 'W4c' as const } : {}) }, note: '评价期届满，评价计入' };
}

/** The provider learns the result as a case of its own: this one, with its dates, versions and signer, never reaches it. */
export const tellProvider = (after: Case<Rating>): Effect[] => [{
  effect: 'result', kind: 'open', procedure: 'ratingResult', move: after.data.warningGround ? 'serve' : 'tell', input: { rating: after.no },
}];

export const exclude = ({ input }: Ctx<Rating, Input<typeof excludeForm>>): Outcome<Rating> =>
  ({ set: { excluded: input.reason, warningGround: undefined }, note: '服务商异议成立，不计入评级' });
