import { orgTag } from '../../kernel/actor';
import type { Case } from '../../kernel/case';
import type { Values } from '../../kernel/fields';
import type { Look, OrgFacts } from '../../kernel/look';
import type { BeginCtx, Ctx, Opening, Outcome } from '../../kernel/procedure';
import { invalid, Refusal } from '../../kernel/refusal';
import type { data, fileForm, refuseForm, reopenForm, replyForm, settleForm } from './forms';

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

export const refuse = ({ input }: Ctx<Complaint, Input<typeof refuseForm>>): Outcome<Complaint> => ({ set: { refusal: input.refusal } });

export const reply = ({ input }: Ctx<Complaint, Input<typeof replyForm>>): Outcome<Complaint> => ({ set: { ...input, lapsed: false } });

/** Silence is no admission: the case goes on with what the bureau finds, and the lapse is recorded. */
export const lapse = (): Outcome<Complaint> => ({ set: { lapsed: true }, note: '服务商逾期未答复' });

export const settle = ({ input }: Ctx<Complaint, Input<typeof settleForm>>): Outcome<Complaint, 'settled' | 'dismissed'> => ({
  to: input.result === 'upheld' ? 'settled' : 'dismissed',
  set: { finding: input.finding, upheld: input.result === 'upheld' },
});

/** Once, by right, and in time: a closed complaint is taken up again and goes to another reviewer. */
export const mayReopen = (c: Case<Complaint>): boolean => c.data.reopening === undefined;

export function reopen({ case: c, input, now, rulebook }: Ctx<Complaint, Input<typeof reopenForm>>): Outcome<Complaint> {
  const { due } = rulebook.due('complaint.reopen', c.closedAt ?? now);
  if (now > due) throw new Refusal('ILLEGAL_MOVE', { detail: '已超过申请重新办理的期限', article: '15.2' });
  return { set: { reopening: input.reopening } };
}
