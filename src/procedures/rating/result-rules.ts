import type { Actor } from '../../kernel/actor';
import type { Case, Effect } from '../../kernel/case';
import type { Values } from '../../kernel/fields';
import type { Look } from '../../kernel/look';
import type { BeginCtx, Ctx, Opening, Outcome } from '../../kernel/procedure';
import { Refusal } from '../../kernel/refusal';
import { OVERALL, type decideForm, type objectForm, type resultData, type serveForm, type withdrawForm } from './forms';
import type { Input, Rating } from './rules';

export type RatingResult = Values<typeof resultData>;

export const serveFacts = (look: Look, { input }: { input: Input<typeof serveForm> }): Promise<Case<Rating> | null> => look.case(input.rating);

/** Overall result and items; neither signer nor comment, date or number of changes. */
export function serve({ input, facts: rating }: BeginCtx<Input<typeof serveForm>, Case<Rating> | null>): Opening<RatingResult> {
  if (!rating) throw new Refusal('NOT_FOUND');
  const { contract, result, warningGround } = rating.data;
  return {
    data: {
      rating: input.rating, contract, rated: result !== undefined,
      ...(result ? { overall: result.overall, items: result.items } : {}), ...(warningGround ? { warningGround } : {}),
    },
    parties: { provider: rating.parties['provider'] ?? [] },
    names: { provider: rating.names['provider'] ?? '', enterprise: rating.names['enterprise'] ?? '' },
    ...(rating.region ? { region: rating.region } : {}), ...(rating.sector ? { sector: rating.sector } : {}),
    links: [{ no: contract, relation: '合同' }],
    once: `ratingResult:${rating.no}`,
    note: result ? OVERALL[result.overall] : '企业未评价，不计入满意度',
  };
}

/** 17.2: matter, reasons, purpose and evidence. */
export const object = ({ input }: Ctx<RatingResult, Input<typeof objectForm>>): Outcome<RatingResult> => {
  const { truthful: _, ...objection } = input;
  return { set: objection };
};

export interface DecideFacts { acceptance: Case | null }

export async function decideFacts(look: Look, { case: c }: { case: Case<RatingResult> }): Promise<DecideFacts> {
  const rating = await look.case(c.data.rating) as Case<Rating> | null;
  return { acceptance: rating && await look.case(rating.data.acceptance) };
}

/** Somebody other than those who passed the project whose rating is disputed. */
function byAnother({ acceptance }: DecideFacts, actor: Actor): void {
  if (acceptance?.timeline.some(({ by }) => by.person === actor.person)) {
    throw new Refusal('FORBIDDEN', { detail: '办理过本项目验收的人员不能处理这项异议，请回避本案', article: '17.2' });
  }
}

export function decide({ input, actor, facts }: Ctx<RatingResult, Input<typeof decideForm>, DecideFacts>): Outcome<RatingResult> {
  byAnother(facts, actor);
  return { set: { decision: input.decision } };
}
export function uphold(ctx: Ctx<RatingResult, Input<typeof decideForm>, DecideFacts>): Outcome<RatingResult> {
  return { set: { ...decide(ctx).set, warningGround: undefined } };
}

export const excludeRating = (after: Case<RatingResult>): Effect[] =>
  [{ effect: 'exclude', kind: 'act', no: after.data.rating, move: 'exclude', input: { reason: after.data.decision } }];

export const withdraw = ({ input }: Ctx<RatingResult, Input<typeof withdrawForm>>): Outcome<RatingResult> => (input.reason ? { note: input.reason } : {});
