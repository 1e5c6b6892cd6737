import { orgTag, type Actor } from '../../kernel/actor';
import type { Case } from '../../kernel/case';
import { yuan, type Values } from '../../kernel/fields';
import type { Look, OrgFacts } from '../../kernel/look';
import { dayInWords } from '../../kernel/numbers';
import type { BeginCtx, Ctx, Moment, Opening, Outcome } from '../../kernel/procedure';
import { invalid, Refusal } from '../../kernel/refusal';
import { beijingDate } from '../../rulebook/calendar';
import type { Rulebook } from '../../rulebook/rulebook';
import { notForBothSides } from '../both-sides';
import {
  SIDES, type data, type deliverForm, type openForm, type progressForm, type reasonForm, type returnForm, type reviseForm, type sendBackForm, type Side,
  type Signature, type signForm,
} from './forms';
import { textFaults, type FiledPlan } from './text';

export type Contract = Values<typeof data>;
export type Input<F extends { parse(input: unknown): unknown }> = ReturnType<F['parse']>;

/** The part of a plan that a contract builds on: what was approved, and what is in force after changes that were only noted. */
interface PlanData { approved?: FiledPlan; current?: FiledPlan }
type PlanCase = Case<PlanData>;

const ENDED = ['refused', 'withdrawn', 'lapsed', 'terminated'];

/** The version of an approved plan that is in force; undefined while the plan is filed anew, or before it is approved. */
const inForce = (plan: PlanCase | null): FiledPlan | undefined =>
  (plan?.procedure === 'plan' && plan.state === 'approved' ? plan.data.current ?? plan.data.approved : undefined);

// ---- The text -----------------------------------------------------------------------------------------------------

export interface TextFacts { plan: PlanCase | null; provider: OrgFacts | null; fileHash: string | null }
export interface OpenFacts extends TextFacts { last: Case | null }

const textFacts = async (look: Look, plan: string, actor: Actor, file: string | undefined): Promise<TextFacts> => ({
  plan: await look.case(plan),
  provider: actor.org ? await look.organisation(actor.org) : null,
  fileHash: file ? await look.fileHash(file) : null,
});

export const openFacts = async (look: Look, { actor, input }: { actor: Actor; input: Input<typeof openForm> }): Promise<OpenFacts> => ({
  ...await textFacts(look, input.plan, actor, input.file[0]),
  last: (await look.linked(input.plan, 'contract'))[0] ?? null,
});

export const reviseFacts = (look: Look, { actor, case: c, input }: { actor: Actor; case: Case<Contract>; input: Input<typeof reviseForm> }): Promise<TextFacts> =>
  textFacts(look, c.data.plan, actor, input.file[0]);

const NOT_FILED = '改造方案通过备案后才能签订合同；方案正在变更或重新备案的，须等备案通过';

function mustBeListed(provider: OrgFacts | null): void {
  if (provider?.kind !== 'provider' || provider.standing !== 'listed') throw new Refusal('FORBIDDEN', { detail: '只能与服务商库内的服务商签订改造合同', article: '12.3' });
}

/** A text that may be put to signature: complete, and what the bureau has approved (12.3). */
function checkedText(input: Input<typeof reviseForm>, { plan, provider, fileHash }: TextFacts, earliest: (filed: FiledPlan) => string) {
  mustBeListed(provider);
  const filed = inForce(plan);
  if (!filed) throw invalid('plan', NOT_FILED, '12.3');
  const faults = textFaults(input, filed, earliest(filed));
  if (!fileHash) faults.push({ field: 'file', message: '没有找到合同文件，请重新上传' });
  if (faults.length > 0) throw new Refusal('INVALID', { faults, article: '12.3' });
  return { filed, fileHash: fileHash! };
}

const later = (a: string, b: string): string => (a > b ? a : b);

/** 12.3: a contract rests on an approved plan of the same two parties, one contract at a time. */
export function open({ input, facts, actor, now }: BeginCtx<Input<typeof openForm>, OpenFacts>): Opening<Contract> {
  const { plan, last, provider } = facts;
  const theirs = plan?.procedure === 'plan' && provider !== null && plan.parties['provider']?.includes(orgTag(provider.id));
  if (!plan || !theirs) throw invalid('plan', '没有找到贵单位的这份改造方案', '12.3');
  notForBothSides(plan, actor);
  if (last && !ENDED.includes(last.state)) throw new Refusal('CONFLICT', { detail: `这份方案已有合同（${last.no}）`, article: '12.3' });
  const { filed, fileHash } = checkedText(input, facts, ({ start }) => later(start, beijingDate(now)));
  return {
    data: {
      ...input, plan: plan.no, fileHash, planHash: filed.hash, round: 1,
      signatures: [], agreements: [], remarks: [], progress: [], returns: [],
    },
    parties: { enterprise: plan.parties['enterprise'] ?? [], provider: [orgTag(provider.id)] },
    names: { enterprise: plan.names['enterprise'] ?? '', provider: provider.name },
    ...(plan.region ? { region: plan.region } : {}), ...(plan.sector ? { sector: plan.sector } : {}),
    links: [{ no: plan.no, relation: '方案' }],
    // One contract after another on a plan: of two opened at the same moment one finds the place taken.
    once: `contract:${plan.no}:${last?.no ?? 'first'}`,
    note: textNote(input.amountFen, fileHash),
  };
}

/** What stands in the form for another text: the one under way. What is promised is promised anew. */
export const textOf = ({ data: { file, amountFen, split, milestones, start, finish } }: Case<Contract>): Partial<Input<typeof reviseForm>> =>
  ({ file, amountFen, split, milestones, start, finish });

const textNote = (amountFen: number, fileHash: string): string => `合同金额 ${yuan(amountFen)}，合同文本校验码 ${fileHash.slice(0, 8)}`;

/** Another text, before signing or after the plan was filed anew: signatures under the earlier one do not count for it. */
export function revise({ case: c, input, facts, actor, now }: Ctx<Contract, Input<typeof reviseForm>, TextFacts>): Outcome<Contract> {
  notForBothSides(c, actor);
  const { filed, fileHash } = checkedText(input, facts, ({ start }) => (isSigned(c) ? start : later(start, beijingDate(now))));
  const round = c.data.round + 1;
  return { set: { ...input, fileHash, planHash: filed.hash, round }, note: `第 ${round} 稿，${textNote(input.amountFen, fileHash)}` };
}

// ---- Signing ------------------------------------------------------------------------------------------------------

export const sideOf = (c: Pick<Case, 'parties'>, actor: Actor): Side =>
  (actor.org && c.parties['enterprise']?.includes(orgTag(actor.org)) ? 'enterprise' : 'provider');
const other = (side: Side): Side => (side === 'enterprise' ? 'provider' : 'enterprise');

export const isHeld = (c: Case<Contract>): boolean => c.data.held !== undefined;
export const goesOn = (c: Case<Contract>): boolean => !isHeld(c);
/** Both have signed some text: the contract binds. */
export const isSigned = (c: Case<Contract>): boolean => c.data.agreements.length > 0;
export const isUnsigned = (c: Case<Contract>): boolean => !isSigned(c);

/** Signatures under the text now on the table. */
const standing = (c: Case<Contract>): Signature[] => c.data.signatures.filter(({ round }) => round === c.data.round);
export const awaited = (c: Case<Contract>): string[] =>
  (['enterprise', 'provider'] as const).filter((side) => !standing(c).some((one) => one.side === side)).flatMap((side) => c.parties[side] ?? []);
export const mayStillSign = (c: Case<Contract>, actor: Actor): boolean => goesOn(c) && !standing(c).some(({ side }) => side === sideOf(c, actor));

export interface SignFacts { plan: PlanCase | null; provider: OrgFacts | null }
export const signFacts = async (look: Look, { case: c }: { case: Case<Contract> }): Promise<SignFacts> => ({
  plan: await look.case(c.data.plan),
  provider: await look.organisation((c.parties['provider']?.[0] ?? '').replace(/^org:/, '')),
});
export const planFacts = (look: Look, { case: c }: { case: Case<Contract> }): Promise<PlanCase | null> => look.case(c.data.plan);

/**
 * A side binds itself to the file it saw. The plan must be approved, in the version the contract rests on, at the very moment
 * of each signature (12.3): a plan changed between approval and signing stops it.
 */
export function sign({ case: c, input, actor, facts, now, rulebook }: Ctx<Contract, Input<typeof signForm>, SignFacts>): Outcome<Contract, 'inProgress'> {
  notForBothSides(c, actor);
  const { data: d } = c;
  if (input.fileHash !== d.fileHash) throw new Refusal('STALE', { detail: '合同文本已不是您所看到的那一份，请打开最新文本核对后再签订', article: '12.3' });
  mustBeListed(facts.provider);
  const filed = inForce(facts.plan);
  if (!filed) throw new Refusal('CONFLICT', { detail: NOT_FILED, article: '12.3' });
  if (filed.hash !== d.planHash) throw new Refusal('STALE', { detail: '改造方案在合同拟定之后有变更，请服务商按现行方案修改合同文本', article: '12.3' });
  const side = sideOf(c, actor);
  const at = now.toISOString();
  const signatures = [...d.signatures, { side, hash: d.fileHash, planHash: d.planHash, round: d.round, at }];
  const note = `${SIDES[side]}已签订（合同文本校验码 ${d.fileHash.slice(0, 8)}）`;
  if (!standing(c).some((one) => one.side === other(side))) return { set: { signatures }, note };
  const { round, fileHash, planHash, amountFen, start, finish } = d;
  const agreements = [...d.agreements, { round, fileHash, planHash, amountFen, start, finish, at }];
  return { to: 'inProgress', set: { signatures, agreements }, note, ...finishedBy(finish, now, rulebook) };
}

/** Work ends on the day both have agreed on; what the rulebook allows at most is the end only where that day is later. */
function finishedBy(finish: string, now: Date, rulebook: Rulebook): { due?: Date } {
  const agreed = rulebook.calendar.add(new Date(`${finish}T00:00:00+08:00`), 0, 'natural_day').due;
  return agreed < rulebook.due('contract.deliver', now).due ? { due: agreed } : {};
}

export function sendBack({ case: c, input, actor, now }: Ctx<Contract, Input<typeof sendBackForm>>): Outcome<Contract> {
  notForBothSides(c, actor);
  return { set: { remarks: [...c.data.remarks, { on: beijingDate(now), by: sideOf(c, actor), text: input.remarks }] } };
}

/** Giving up a contract that does not bind yet. */
export function giveUp({ case: c, input, actor }: Ctx<Contract, Input<typeof reasonForm>>): Outcome<Contract> {
  notForBothSides(c, actor);
  return { note: input.reason };
}

/** Nobody is bound by silence. A contract that already binds does not end by it either: only the new text falls. */
export const signLapse = ({ case: c }: Ctx<Contract, unknown>): Outcome<Contract, 'lapsed' | 'revising'> =>
  (isSigned(c) ? { to: 'revising', note: '变更后的文本逾期未签订' } : { to: 'lapsed', note: '逾期未签订' });

// ---- Work and delivery --------------------------------------------------------------------------------------------

export const progressSoFar = ({ data }: Case<Contract>): Partial<Input<typeof progressForm>> => ({ percent: data.progress.at(-1)?.percent });

export function progress({ case: c, input, actor, now }: Ctx<Contract, Input<typeof progressForm>>): Outcome<Contract> {
  notForBothSides(c, actor);
  return { set: { progress: [...c.data.progress, { on: beijingDate(now), ...input }] }, note: `完成 ${input.percent}%` };
}

export function deliver({ case: c, input, actor }: Ctx<Contract, Input<typeof deliverForm>>): Outcome<Contract> {
  notForBothSides(c, actor);
  return { set: input };
}

export function confirmDelivery({ case: c, actor, now }: Ctx<Contract, unknown>): Outcome<Contract> {
  notForBothSides(c, actor);
  return { set: { deliveredOn: beijingDate(now), termination: undefined } };
}

export function returnDelivery({ case: c, input, actor, now }: Ctx<Contract, Input<typeof returnForm>>): Outcome<Contract> {
  notForBothSides(c, actor);
  return { set: { returns: [...c.data.returns, { on: beijingDate(now), text: input.remarks }] } };
}

/** The day by which acceptance is to be applied for (12.4); a later application is marked as late. */
export const applyBy = ({ closedAt }: Case<Contract>, { rulebook }: Moment): string => dayInWords(rulebook.due('accept.apply', closedAt!).due);

// ---- While the plan is filed anew (12.3) --------------------------------------------------------------------------

/** What is changed must not be carried out before it is filed. A hold that arrives after the matter is over holds nothing. */
export function hold({ case: c, facts, now }: Ctx<Contract, unknown, PlanCase | null>): Outcome<Contract> {
  if (isHeld(c) || inForce(facts)) return {};
  return { set: { held: { since: beijingDate(now) } }, clock: 'pause', pauseReason: '改造方案重新备案', note: '改造方案重新备案，合同暂停' };
}

/** On the same plan the contract goes on; on a new version both sides first sign a text that follows it. */
export function release({ case: c, facts }: Ctx<Contract, unknown, PlanCase | null>): Outcome<Contract, 'revising'> {
  const filed = inForce(facts);
  if (!isHeld(c) || !filed) return {};
  if (filed.hash === c.data.planHash || c.state === 'revising') return { set: { held: undefined }, clock: 'resume', note: '恢复办理，期限按暂停的时间顺延' };
  return { to: 'revising', set: { held: undefined }, note: '方案变更已备案，须按新方案签订' };
}

// ---- Termination --------------------------------------------------------------------------------------------------

export const mayProposeEnd = (c: Case<Contract>): boolean => isSigned(c) && !c.data.termination;
export const mayAgreeToEnd = (c: Case<Contract>, actor: Actor): boolean => c.data.termination?.by === other(sideOf(c, actor));
export const endIsProposed = (c: Case<Contract>): boolean => c.data.termination !== undefined;

export function proposeEnd({ case: c, input, actor, now }: Ctx<Contract, Input<typeof reasonForm>>): Outcome<Contract> {
  notForBothSides(c, actor);
  const by = sideOf(c, actor);
  return { set: { termination: { by, reason: input.reason, on: beijingDate(now) } }, note: `${SIDES[by]}提议解除合同：${input.reason}` };
}

export function agreeToEnd({ case: c, actor }: Ctx<Contract, unknown>): Outcome<Contract> {
  notForBothSides(c, actor);
  return { set: { held: undefined }, note: '双方同意解除合同' };
}

export function dropEnd({ case: c, actor }: Ctx<Contract, unknown>): Outcome<Contract> {
  notForBothSides(c, actor);
  return { set: { termination: undefined }, note: c.data.termination?.by === sideOf(c, actor) ? '撤回解除提议' : '不同意解除合同' };
}

/** What is said before delivery is confirmed: payments fall due only where some were agreed for it. */
export const confirmingDelivery = ({ data }: Case<Contract>): string =>
  `确认即表示服务商已按合同交付，不能撤销，服务商同时得知。${data.milestones.some(({ when }) => when === 'delivered') ? '约定“交付确认后”支付的款项到期。' : ''}接下来由贵企业申请竣工验收。`;
