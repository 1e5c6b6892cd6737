import { orgTag, personTag, type Actor } from '../../kernel/actor';
import type { Case, Effect, Entry } from '../../kernel/case';
import type { Values } from '../../kernel/fields';
import type { Look, OrgFacts } from '../../kernel/look';
import type { BeginCtx, Ctx, Moment, Opening, Outcome } from '../../kernel/procedure';
import { invalid } from '../../kernel/refusal';
import { dayInWords, wordsOfDay } from '../../kernel/numbers';
import { beijingDate } from '../../rulebook/calendar';
import type { answeredForm, cosignForm, data, decideForm, fileForm, findForm, heardForm, hearForm, inquireForm, objectForm, prolongedForm, refuseForm, supplementForm, verifyForm } from './forms';

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

/** 受理告知 counts from the day the report came in, however long the identity took. */
export const verify = ({ case: c, input, rulebook }: Ctx<Report, Input<typeof verifyForm>>): Outcome<Report> =>
  ({ set: input, due: rulebook.due('report.accept', c.openedAt).due });
export const unverifiable = ({ input }: Ctx<Report, Input<typeof verifyForm>>): Outcome<Report> => ({ set: input });
export const refuse = ({ input }: Ctx<Report, Input<typeof refuseForm>>): Outcome<Report> => ({ set: input });

/** The longest stretch of characters two texts may share before one counts as quoting the other. */
const QUOTE_LENGTH = 12;

export function quotes(source: string, text: string): boolean {
  const [a, b] = [source, text].map((value) => value.replaceAll(/\s+/gu, '')) as [string, string];
  for (let i = 0; i + QUOTE_LENGTH <= b.length; i += 1) if (a.includes(b.slice(i, i + QUOTE_LENGTH))) return true;
  return false;
}

interface Reveals { reveals: boolean }

/** 18: what the provider will read neither names the reporter nor uses the reporter's words; by their words people are known. */
function mustBeNeutral(field: string, text: string, c: Case<Report>, { reveals }: Reveals): void {
  if (reveals) throw invalid(field, '这段文字服务商会看到，其中含有举报人的身份信息，请删去', '18');
  if (quotes(`${c.data.text}${c.data.supplements ?? ''}`, text)) throw invalid(field, '这段文字服务商会看到，其中引用了举报原文，请用自己的话概括', '18');
}

export const inquireFacts = async (look: Look, { case: c, input }: { case: Case<Report>; input: Input<typeof inquireForm> }): Promise<Reveals> =>
  ({ reveals: await look.mentionsIdentity(c.no, `${input.summary}\n${input.questions}`) });
export const intendedFacts = async (look: Look, { case: c, input }: { case: Case<Report>; input: { intended?: string } }): Promise<Reveals> =>
  ({ reveals: input.intended !== undefined && await look.mentionsIdentity(c.no, input.intended) });

/** 18: the bureau asks the provider in neutral words of its own; nothing that names or narrows down the reporter goes out. */
export function inquire({ case: c, input, facts, now, rulebook }: Ctx<Report, Input<typeof inquireForm>, Reveals>): Outcome<Report> {
  const { summary, questions, knownTo, narrowReason } = input;
  mustBeNeutral('summary', summary + questions, c, facts);
  // Fewer possible reporters than this, and the facts disclosed point at one of them.
  const few = rulebook.param('report.few_people');
  if (knownTo < few && !narrowReason) {
    throw invalid('narrowReason', `知悉情况的人少于 ${few} 人，举报人容易被推断，请写明仍需发出的理由`, '18');
  }
  const replyDue = beijingDate(rulebook.due('report.provider_reply', now).due);
  return { set: { inquirySummary: summary, questions, knownTo, narrowReason, replyDue }, note: `服务商应于${wordsOfDay(replyDue)}前（含当日）回复` };
}

export const prolonged = ({ input }: Ctx<Report, Input<typeof prolongedForm>>): Outcome<Report> =>
  ({ set: { replyDue: input.until }, note: `服务商申请延期，应于${wordsOfDay(input.until)}前（含当日）回复` });

/** What the handlers of a report under inquiry may do next, and when. */
export function inquiring(c: Case<Report>): string | null {
  if (mayFind(c)) return null;
  return notAsked(c) ? '先向服务商核实；收到回复或逾期后，才能提出核查意见。' : `已向服务商核实，应于${wordsOfDay(c.data.replyDue!)}前（含当日）回复；收到回复或逾期后，才能提出核查意见。`;
}

/** A report taken up again after an objection is a new round. */
const thisRound = (c: Case<Report>): readonly Entry[] => c.timeline.slice(c.timeline.findLastIndex((entry) => entry.move === 'object') + 1);

/** Once for each round: a report taken up again after an objection may ask again. */
export const notAsked = (c: Case<Report>): boolean =>
  !thisRound(c).some((entry) => entry.move === 'inquire');
export const asks = (c: Case<Report>, _entry: Entry, input: Input<typeof inquireForm>): Effect[] =>
  [{ effect: 'inquiry', kind: 'open', procedure: 'inquiry', move: 'serve', input: { provider: c.data.provider, summary: input.summary, questions: input.questions } }];

export const answered = ({ case: c, input }: Ctx<Report, Input<typeof answeredForm>>): Outcome<Report> =>
  ({
    set: { ...input, lapsed: input.lapsed || undefined, late: input.late || undefined },
    // Its files are the inquiry's, which those who handle the report do not read.
    ...(c.links.some(({ no }) => no === input.inquiry) ? {} : { links: [{ no: input.inquiry, relation: '情况核实', unseen: true as const }] }),
    note: input.lapsed ? '服务商逾期未回复' : input.late ? '服务商逾期后补交回复' : '服务商已回复',
  });

/** A finding needs the provider's answer, or proof that it had its time and stayed silent (18: 未按要求回复). */
export const mayFind = (c: Case<Report>): boolean => thisRound(c).some((entry) => entry.move === 'answered') || (c.data.inquiry !== undefined && notAsked(c));

export function find({ case: c, input, facts }: Ctx<Report, Input<typeof findForm>, Reveals>): Outcome<Report> {
  checkResult(input.result, c);
  if (input.result !== 'unfounded' && !input.intended) throw invalid('intended', '请填写拟处理意见，服务商有权陈述申辩', '18');
  const { result, finding, feedback, intended = '' } = input;
  mustBeNeutral('intended', intended, c, facts);
  return { set: { result, finding, draft: feedback, intended: result === 'unfounded' ? undefined : intended } };
}

function checkResult(result: Result, c: Case<Report>): void {
  if (result === 'unanswered' && !c.data.lapsed) throw invalid('result', '服务商已回复，不能按未回复处理', '18');
}

/** The second handler agrees: what goes against the provider is first put to it, anything else closes the case. */
export const agree = ({ case: c, input }: Ctx<Report, Input<typeof cosignForm>>): Outcome<Report, 'hearing' | 'unfounded'> =>
  (c.data.result === 'unfounded' ? { to: 'unfounded', set: { ...input, cosigned: true, feedback: c.data.draft, draft: undefined } } : { to: 'hearing', set: { ...input, cosigned: true } });

export const disagree = ({ input }: Ctx<Report, Input<typeof cosignForm>>): Outcome<Report> => ({ set: { ...input, cosigned: false } });

export const heard = ({ input }: Ctx<Report, Input<typeof heardForm>>): Outcome<Report> =>
  ({ set: { ...input, statement: input.statement, statementEvidence: input.statementEvidence }, note: input.statement ? '服务商已陈述申辩' : '服务商未在期限内陈述申辩' });

/** Heard in this round: what a provider said to an earlier finding is no answer to a new one. */
export const wasHeard = (c: Case<Report>): boolean => thisRound(c).some((entry) => entry.move === 'heard');
export const wasNotHeard = (c: Case<Report>): boolean => !wasHeard(c);

/** The director means to find against the provider where the handlers did not agree: it can speak first. */
export function hear({ case: c, input, facts }: Ctx<Report, Input<typeof hearForm>, Reveals>): Outcome<Report> {
  const { result, intended, feedback } = input;
  checkResult(result, c);
  mustBeNeutral('intended', intended, c, facts);
  return { set: { result, intended, draft: feedback } };
}

/** 18: the decision. Against a provider only after it could speak (no path skips the hearing). */
export function decide({ case: c, input }: Ctx<Report, Input<typeof decideForm>>): Outcome<Report, 'substantiated' | 'unfounded'> {
  checkResult(input.result, c);
  const against = input.result !== 'unfounded';
  if (against && !wasHeard(c)) throw invalid('result', '对服务商不利的，须先告知拟处理意见、听取陈述申辩，再作决定', '18');
  return { to: against ? 'substantiated' : 'unfounded', set: { ...input, draft: undefined } };
}

/** What a director decides from: what was found and drafted, none of it decided yet. */
export const decidingFrom = (c: Case<Report>) => ({ result: c.data.result, decision: wasHeard(c) && c.data.cosigned ? c.data.finding : undefined, feedback: c.data.draft });
export const hearingFrom = (c: Case<Report>) => ({ intended: c.data.intended, feedback: c.data.result === 'unfounded' ? undefined : c.data.draft });

const inquiryMove = (c: Case<Report>, effect: string, move: string, input: Record<string, unknown>): Effect[] =>
  c.data.inquiry ? [{ effect, kind: 'act', no: c.data.inquiry, move, input }] : [];

/** What a decision causes: the provider is heard, or told, and leaves the register when the report is substantiated (18). */
export function consequences(c: Case<Report>, entry: Entry): Effect[] {
  if (c.state === 'hearing') return inquiryMove(c, 'announce', 'announce', { intended: c.data.intended ?? '' });
  if (c.state !== 'substantiated' && c.state !== 'unfounded') return [];
  const conclusion: NonNullable<Result> = c.data.result ?? 'unfounded';
  return [
    ...inquiryMove(c, 'conclude', 'conclude', { conclusion }),
    ...(c.state === 'substantiated'
      ? [{ effect: 'standing', kind: 'call' as const, service: 'register.setStanding', input: { org: c.data.provider, standing: 'removed', article: entry.article } }] : []),
  ];
}

export const mayObject = (c: Case<Report>, _actor: Actor, { now, rulebook }: Moment): boolean =>
  c.data.objection === undefined && now <= rulebook.due('complaint.reopen', c.closedAt ?? now).due;

/** Once, by right, in time: a report found untrue is taken up again by other handlers. */
export const object = ({ input }: Ctx<Report, Input<typeof objectForm>>): Outcome<Report> => ({ set: { objection: input.objection } });

/** Until when its result may be questioned, while it may. */
export const questionedUntil = (c: Case<Report>, at: Moment): string | null => {
  const until = at.rulebook.due('complaint.reopen', c.closedAt ?? at.now).due;
  return c.data.objection === undefined && at.now <= until ? `对结果有异议的，可在${dayInWords(until)}前（含当日）提出一次，由其他工作人员重新核查。` : null;
};
