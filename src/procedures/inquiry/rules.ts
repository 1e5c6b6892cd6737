import { orgTag, type Actor } from '../../kernel/actor';
import type { Case, Effect, Entry } from '../../kernel/case';
import type { Values } from '../../kernel/fields';
import type { Look, OrgFacts } from '../../kernel/look';
import type { BeginCtx, Ctx, Moment, Opening, Outcome } from '../../kernel/procedure';
import { invalid } from '../../kernel/refusal';
import { beijingDate } from '../../rulebook/calendar';
import type { announceForm, concludeForm, data, extendForm, replyForm, serveForm, stateForm } from './forms';

export type Inquiry = Values<typeof data>;
type Input<F extends { parse(input: unknown): unknown }> = ReturnType<F['parse']>;

export const serveFacts = async (look: Look, { input }: { input: Input<typeof serveForm> }): Promise<OrgFacts | null> => look.organisation(input.provider);

/** 18: the bureau asks the provider. Neither the report's number nor anything of the reporter comes with the question. */
export function serve({ input, facts }: BeginCtx<Input<typeof serveForm>, OrgFacts | null>): Opening<Inquiry> {
  if (!facts) throw invalid('provider', '服务商库中没有这家服务商', '18');
  return { data: input, parties: { provider: [orgTag(facts.id)] }, names: { provider: facts.name }, sector: facts.sector, disclosed: ['provider'] };
}

/** As often as the rulebook says. */
export const mayExtend = (c: Case<Inquiry>, _actor: Actor, { rulebook }: Moment): boolean =>
  c.timeline.filter(({ move }) => move === 'extend').length < rulebook.param('report.provider_extensions');
/** 18: an extension, asked for before the time is up, granted by right and recorded; it adds to the time there was, whenever it is asked for. */
export const extend = ({ case: c, input, rulebook }: Ctx<Inquiry, Input<typeof extendForm>>): Outcome<Inquiry> =>
  ({ set: input, due: rulebook.due('report.provider_extension', c.clock!.due).due });

export const reply = ({ case: c, input }: Ctx<Inquiry, Input<typeof replyForm>>): Outcome<Inquiry> =>
  ({ set: { ...input, ...(c.state === 'lapsed' ? { late: true } : {}) }, ...(c.state === 'lapsed' ? { note: '逾期后补交' } : {}) });

/** An answer after the time is up still counts as evidence, once, until the bureau has announced what it intends. */
export const mayReply = (c: Case<Inquiry>): boolean => c.data.reply === undefined;

export const lapse = (): Outcome<Inquiry> => ({ note: '逾期未回复' });
/** Also of a report taken up again: what was concluded and said before stands no longer. */
export const announce = ({ input }: Ctx<Inquiry, Input<typeof announceForm>>): Outcome<Inquiry> =>
  ({ set: { ...input, conclusion: undefined, statement: undefined, statementEvidence: undefined } });
export const state = ({ input }: Ctx<Inquiry, Input<typeof stateForm>>): Outcome<Inquiry> => ({ set: input });
export const conclude = ({ input }: Ctx<Inquiry, Input<typeof concludeForm>>): Outcome<Inquiry> => ({ set: input });

/** Reports what came of the question to the case that asked it, and to no one else. */
const tellsAsker = (effect: string, move: string, input: (c: Case<Inquiry>) => Record<string, unknown>) => (c: Case<Inquiry>, _entry: Entry): Effect[] =>
  c.causedBy ? [{ effect, kind: 'act', no: c.causedBy.no, move, input: input(c) }] : [];

export const answered = tellsAsker('answered', 'answered', (c) => ({
  inquiry: c.no, lapsed: c.state === 'lapsed', late: c.data.late ?? false,
  ...(c.data.reply ? { reply: c.data.reply } : {}), ...(c.data.replyEvidence ? { replyEvidence: c.data.replyEvidence } : {}),
}));

export const prolonged = tellsAsker('prolonged', 'prolonged', (c) => ({ until: beijingDate(c.clock!.due) }));

export const heard = tellsAsker('heard', 'heard', (c) => ({
  ...(c.data.statement ? { statement: c.data.statement } : {}), ...(c.data.statementEvidence ? { statementEvidence: c.data.statementEvidence } : {}),
}));
