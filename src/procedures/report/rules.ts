import { orgTag, personTag } from '../../kernel/actor';
import type { Case, Effect, Entry } from '../../kernel/case';
import type { Values } from '../../kernel/fields';
import type { Look, OrgFacts } from '../../kernel/look';
import type { BeginCtx, Ctx, Opening, Outcome } from '../../kernel/procedure';
import { invalid, Refusal } from '../../kernel/refusal';
import type { answeredForm, cosignForm, data, decideForm, fileForm, findForm, heardForm, inquireForm, objectForm, refuseForm, supplementForm, verifyForm } from './forms';

export type Report = Values<typeof data>;
type Input<F extends { parse(input: unknown): unknown }> = ReturnType<F['parse']>;
type Result = Report['result'];

export const fileFacts = async (look: Look, { input }: { input: Input<typeof fileForm> }): Promise<OrgFacts | null> => look.organisation(input.provider);

/** 18: anybody reports, in true name, with evidence and contact. The identity is in the vault by now; the case has a pseudonym. */
export function file({ input, facts, actor, sealed }: BeginCtx<Input<typeof fileForm>, OrgFacts | null>): Opening<Report> {
  if (facts?.kind !== 'provider') throw invalid('provider', '服务商库中没有这家服务商', '18');
  const { provider, matters, text, evidence } = input;
  return {
    data: { provider, matters, text, evidence, identity: sealed.ref, phoneIsBound: sealed.phoneIsBound, earlierReports: sealed.earlier },
    parties: { reporter: [personTag(actor.person)], provider: [orgTag(facts.id)] },
    names: { reporter: sealed.pseudonym, provider: facts.name },
    sector: facts.sector,
  };
}

export const supplement = ({ case: c, input }: Ctx<Report, Input<typeof supplementForm>>): Outcome<Report> => ({
  set: {
    supplements: [c.data.supplements, input.supplement].filter(Boolean).join('\n\n'),
    supplementEvidence: [...(c.data.supplementEvidence ?? []), ...(input.supplementEvidence ?? [])],
  },
});

export const verify = ({ input }: Ctx<Report, Input<typeof verifyForm>>): Outcome<Report> => ({ set: input });
export const refuse = ({ input }: Ctx<Report, Input<typeof refuseForm>>): Outcome<Report> => ({ set: input });

/** The longest stretch of characters two texts may share before one counts as quoting the other. */
const QUOTE_LENGTH = 12;
/** Fewer possible reporters than this, and the facts disclosed point at one of them. */
const FEW = 5;

export function quotes(source: string, text: string): boolean {
  const [a, b] = [source, text].map((value) => value.replaceAll(/\s+/gu, '')) as [string, string];
  for (let i = 0; i + QUOTE_LENGTH <= b.length; i += 1) if (a.includes(b.slice(i, i + QUOTE_LENGTH))) return true;
  return false;
}

export const inquireFacts = async (look: Look, { case: c, input }: { case: Case<Report>; input: Input<typeof inquireForm> }): Promise<{ reveals: boolean }> =>
  ({ reveals: await look.mentionsIdentity(c.no, `${input.summary}\n${input.questions}`) });

/** 18: the bureau asks the provider in neutral words of its own; nothing that names or narrows down the reporter goes out. */
export function inquire({ case: c, input, facts }: Ctx<Report, Input<typeof inquireForm>, { reveals: boolean }>): Outcome<Report> {
  if (facts.reveals) throw invalid('summary', '核实内容含有举报人的身份信息，请删去', '18');
  if (!input.quote && quotes(`${c.data.text}${c.data.supplements ?? ''}`, input.summary + input.questions)) {
    throw invalid('summary', '核实内容引用了举报原文，请用自己的话概括；确需引用的，请勾选“确需引用原文”', '18');
  }
  if (input.knownTo < FEW && !input.narrowReason) {
    throw invalid('narrowReason', `知悉情况的人少于${FEW}人，举报人容易被推断，请写明仍需发出的理由`, '18');
  }
  return { set: { inquirySummary: input.summary }, ...(input.knownTo < FEW ? { note: `知悉范围约${input.knownTo}人` } : {}) };
}

/** Once for each round: a report taken up again after an objection may ask again. */
export const notAsked = (c: Case<Report>): boolean =>
  !c.timeline.slice(c.timeline.findLastIndex((entry) => entry.move === 'object') + 1).some((entry) => entry.move === 'inquire');
export const asks = (c: Case<Report>, _entry: Entry, input: Input<typeof inquireForm>): Effect[] =>
  [{ effect: 'inquiry', kind: 'open', procedure: 'inquiry', move: 'serve', input: { provider: c.data.provider, summary: input.summary, questions: input.questions } }];

export const answered = ({ input }: Ctx<Report, Input<typeof answeredForm>>): Outcome<Report> =>
  ({ set: input, links: [{ no: input.inquiry, relation: '情况核实' }], note: input.lapsed ? '服务商逾期未回复' : input.late ? '服务商逾期后补交回复' : '服务商已回复' });

/** A finding needs the provider's answer, or proof that it had its time and stayed silent (18: 未按要求回复). */
export const mayFind = (c: Case<Report>): boolean => c.data.inquiry !== undefined;

export function find({ case: c, input }: Ctx<Report, Input<typeof findForm>>): Outcome<Report> {
  checkResult(input.result, c);
  if (input.result !== 'unfounded' && !input.intended) throw invalid('intended', '请填写拟处理意见，服务商有权陈述申辩', '18');
  const { result, finding, feedback } = input;
  return { set: { result, finding, draft: feedback, decision: input.intended ?? finding } };
}

function checkResult(result: Result, c: Case<Report>): void {
  if (result === 'unanswered' && !c.data.lapsed) throw invalid('result', '服务商已回复，不能按未回复处理', '18');
}

/** The second handler agrees: what goes against the provider is first put to it, anything else closes the case. */
export const agree = ({ case: c, input }: Ctx<Report, Input<typeof cosignForm>>): Outcome<Report, 'hearing' | 'unfounded'> =>
  (c.data.result === 'unfounded' ? { to: 'unfounded', set: { ...input, feedback: c.data.draft } } : { to: 'hearing', set: input });

export const disagree = ({ input }: Ctx<Report, Input<typeof cosignForm>>): Outcome<Report> => ({ set: input });

export const heard = ({ input }: Ctx<Report, Input<typeof heardForm>>): Outcome<Report> =>
  ({ set: input, note: input.statement ? '服务商已陈述申辩' : '服务商未在期限内陈述申辩' });

/** 18: the decision. Against a provider only after it could speak (no path skips the hearing). */
export function decide({ case: c, input }: Ctx<Report, Input<typeof decideForm>>): Outcome<Report, 'hearing' | 'substantiated' | 'unfounded'> {
  checkResult(input.result, c);
  const against = input.result !== 'unfounded';
  const wasHeard = c.timeline.some((entry) => entry.move === 'heard');
  const { result, decision, feedback } = input;
  if (against && !wasHeard) return { to: 'hearing', set: { result, decision, draft: feedback } };
  return { to: against ? 'substantiated' : 'unfounded', set: { result, decision, feedback } };
}

const inquiryMove = (c: Case<Report>, effect: string, move: string, input: Record<string, unknown>): Effect[] =>
  c.data.inquiry ? [{ effect, kind: 'act', no: c.data.inquiry, move, input }] : [];

/** What a decision causes: the provider is heard, or told, and leaves the register when the report is substantiated (18). */
export function consequences(c: Case<Report>, entry: Entry): Effect[] {
  if (c.state === 'hearing') return inquiryMove(c, 'announce', 'announce', { intended: c.data.decision ?? '' });
  if (c.state !== 'substantiated' && c.state !== 'unfounded') return [];
  const conclusion: NonNullable<Result> = c.data.result ?? 'unfounded';
  return [
    ...inquiryMove(c, 'conclude', 'conclude', { conclusion }),
    ...(c.state === 'substantiated'
      ? [{ effect: 'standing', kind: 'call' as const, service: 'register.setStanding', input: { org: c.data.provider, standing: 'removed', article: entry.article } }] : []),
  ];
}

export const mayObject = (c: Case<Report>): boolean => c.data.objection === undefined;

/** Once, by right, in time: a report found untrue is taken up again by other handlers. */
export function object({ case: c, input, now, rulebook }: Ctx<Report, Input<typeof objectForm>>): Outcome<Report> {
  if (now > rulebook.due('complaint.reopen', c.closedAt ?? now).due) throw new Refusal('ILLEGAL_MOVE', { detail: '已超过提出异议的期限', article: '18' });
  return { set: { objection: input.objection } };
}
