import { orgTag, type Actor } from '../../kernel/actor';
import type { Case } from '../../kernel/case';
import type { Values } from '../../kernel/fields';
import { dayInWords } from '../../kernel/numbers';
import type { Look, OrgFacts } from '../../kernel/look';
import type { BeginCtx, Ctx, Moment, Opening, Outcome } from '../../kernel/procedure';
import { invalid, Refusal } from '../../kernel/refusal';
import type { data, fileForm, refuseForm, reopenForm, replyForm, settleForm, supplementForm } from './forms';

export type Complaint = Values<typeof data>;
type Input<F extends { parse(input: unknown): unknown }> = ReturnType<F['parse']>;

export interface FileFacts {
  enterprise: OrgFacts | null;
  provider: OrgFacts | null;
  project: Case | null;
}

export const fileFacts = async (look: Look, { actor, input }: { actor: { org?: string }; input: Input<typeof fileForm> }): Promise<FileFacts> => ({
  enterprise: actor.org ? await look.organisation(actor.org) : null,
  provider: await look.organisation(input.provider),
  project: input.project ? await look.case(input.project) : null,
});

/** 15.2: a pilot enterprise complains about the service of a provider of the register. */
export function file({ input, facts }: BeginCtx<Input<typeof fileForm>, FileFacts>): Opening<Complaint> {
  const { enterprise, provider, project } = facts;
  if (!enterprise) throw new Refusal('FORBIDDEN', { detail: '请先认领企业' });
  if (provider?.kind !== 'provider') throw invalid('provider', '服务商库中没有这家服务商', '15.2');
  if (input.project) {
    const both = project?.parties['enterprise']?.includes(orgTag(enterprise.id)) && project.parties['provider']?.includes(orgTag(provider.id));
    if (!both) throw invalid('project', '没有找到贵企业与该服务商的这份合同', '15.2');
  }
  return {
    data: input,
    parties: { enterprise: [orgTag(enterprise.id)], provider: [orgTag(provider.id)] },
    names: { enterprise: enterprise.name, provider: provider.name },
    region: enterprise.region, sector: enterprise.sector,
    ...(project ? { links: [{ no: project.no, relation: '合同' }] } : {}),
  };
}

export const UNDER_WAY = ['filed', 'inquired', 'replied'] as const;

/** What the enterprise adds while the matter is under way, also to what the provider has replied. */
export const supplement = ({ case: c, input }: Ctx<Complaint, Input<typeof supplementForm>>): Outcome<Complaint> => ({
  set: {
    supplements: [c.data.supplements, input.supplement].filter(Boolean).join('\n\n'),
    supplementEvidence: [...(c.data.supplementEvidence ?? []), ...(input.supplementEvidence ?? [])],
  },
});

export const refuse = ({ input }: Ctx<Complaint, Input<typeof refuseForm>>): Outcome<Complaint> => ({ set: { refusal: input.refusal } });

export const reply = ({ input }: Ctx<Complaint, Input<typeof replyForm>>): Outcome<Complaint> => ({ set: input });

/** Silence is no admission: the case goes on with what the bureau finds, and the lapse is recorded. */
export const lapse = (): Outcome<Complaint> => ({ set: { lapsed: true }, note: '服务商逾期未答复' });

export const settle = ({ input }: Ctx<Complaint, Input<typeof settleForm>>): Outcome<Complaint, 'settled' | 'dismissed'> => ({
  to: input.result === 'upheld' ? 'settled' : 'dismissed',
  set: { finding: input.finding, upheld: input.result === 'upheld' },
});

/** Until when its result may be questioned. */
const reopenableUntil = (c: Case<Complaint>, { now, rulebook }: Moment): Date => rulebook.due('complaint.reopen', c.closedAt ?? now).due;

/** By right, in time, and as often as the rulebook allows: a closed complaint is taken up again and goes to another reviewer. */
const isReopenable = (c: Case<Complaint>, at: Moment): boolean =>
  c.timeline.filter(({ move }) => move === 'reopen').length < at.rulebook.param('complaint.reopenings') && at.now <= reopenableUntil(c, at);

export const mayReopen = (c: Case<Complaint>, _: Actor, at: Moment): boolean => isReopenable(c, at);

export const questionedUntil = (c: Case<Complaint>, at: Moment): string | null =>
  (isReopenable(c, at) ? `对结果有异议的，可在${dayInWords(reopenableUntil(c, at))}前（含当日）申请重新办理，由另一名人员办理。` : null);

export const reopen = ({ input }: Ctx<Complaint, Input<typeof reopenForm>>): Outcome<Complaint> => ({ set: { reopening: input.reopening } });
