import type { Actor } from '../kernel/actor';
import { Refusal, type Fault } from '../kernel/refusal';
import { CITY } from '../rulebook/places';
import type { ClaimDoc, OrganisationKind, PersonDoc, PilotEntryDoc } from './documents';
import { isDuplicate, newId, type RegisterModels } from './models';
import type { Memberships } from './memberships';
import type { Organisations } from './organisations';
import { maskPhone, type People } from './people';

/** Claims one person may have waiting: an accountant serves a few companies, a trawler many. */
const PENDING_AT_MOST = 5;

export interface ClaimInput {
  uscc: string;
  name?: string;
  kind: OrganisationKind;
  region: string;
  sector?: string;
  licenceFile?: string;
}

export interface ClaimDeps {
  models: RegisterModels;
  city: string;
  clock: () => Date;
  people: People;
  organisations: Organisations;
  memberships: Memberships;
  /** Whether an uploaded file exists and is this person's own; the evidence store knows. */
  mayAttach: (person: string, file: string) => Promise<boolean>;
  /** Tells people how a claim stands; the same key tells once. */
  tell: (news: ClaimNews) => Promise<void>;
  /** Gives an uploaded file to a claim, so that it stays and its desk may look at it. */
  attachTo: (claim: string, file: string, person: string) => Promise<void>;
}

/** What people are told of a claim: its desk that one waits, the claimant how it ended. Names nobody; the claim itself is read where it lies. */
export interface ClaimNews {
  key: string;
  about: 'waiting' | 'bound' | 'refused';
  to: readonly { person: string; openid?: string }[];
  /** The claimant, whose doing a waiting claim is. */
  claimant: string;
  at: Date;
}

/** What a licence photo belongs to, where a case's files have the case number. */
const HOLDER = 'claim:';
export const claimHolder = (id: string): string => HOLDER + id;
export const claimIdIn = (holder: string): string | null => (holder.startsWith(HOLDER) ? holder.slice(HOLDER.length) : null);

export type Claims = ReturnType<typeof claimService>;

export interface Decision { decision: 'approve' | 'refuse'; reason?: string }

/** What deciding changes: nothing is bound until as many different people have approved as the claim needs. */
export type Decided =
  | { status: 'refused'; reason: string }
  | { status: 'pending' | 'bound'; approvals: ClaimDoc['approvals'] };

/**
 * Decides a claim at the desk; pure. A claim on an organisation that has an owner already is a recovery or a change of hands,
 * and takes two people: one alone could be deceived, or be the deceiver.
 */
export function decideClaim(claim: ClaimDoc, { decision, reason }: Decision, by: Actor, owned: boolean, now: Date): Decided {
  if (claim.status !== 'pending') throw new Refusal('ILLEGAL_MOVE', { detail: '该认领已办结' });
  if (decision === 'refuse') {
    if (!reason) throw new Refusal('INVALID', { faults: [{ field: 'reason', message: '请填写不予通过的理由' }] });
    return { status: 'refused', reason };
  }
  if (claim.approvals.some((approval) => approval.by === by.person)) {
    throw new Refusal('ILLEGAL_MOVE', { detail: '更换负责人须由两名工作人员分别核验，您已核验过' });
  }
  const approvals = [...claim.approvals, { by: by.person, at: now }];
  return { status: approvals.length >= (owned ? 2 : 1) ? 'bound' : 'pending', approvals };
}

/** The county office of the claim's region; claims from outside the counties are the bureau's own, and the bureau may be the second. */
export const mayDecideClaim = (actor: Actor, claim: Pick<ClaimDoc, 'region' | 'approvals'>): boolean =>
  (actor.roles.includes('county') && actor.regions.includes(claim.region))
  || (actor.roles.includes('intake') && actor.regions.length === 0 && (claim.region === CITY.code || claim.approvals.length > 0));

/** `mayDecideClaim`, as a query. */
function deskFilter(actor: Actor): object | null {
  const desks: object[] = [];
  if (actor.roles.includes('county') && actor.regions.length > 0) desks.push({ region: { $in: [...actor.regions] } });
  if (actor.roles.includes('intake') && actor.regions.length === 0) desks.push({ region: CITY.code }, { 'approvals.0': { $exists: true } });
  if (desks.length === 0) return null;
  return desks.length === 1 ? desks[0]! : { $or: desks };
}

export function claimService({ models, city, clock, people, organisations, memberships, mayAttach, attachTo, tell }: ClaimDeps) {
  /**
   * Claims an organisation for the person signed in. From the phone on the bureau's list it binds at once; from any other it
   * waits for the county office, with a photo of the licence.
   */
  async function file(actor: Actor, input: ClaimInput) {
    const person = actor.kind === 'wechat' ? await people.get(actor.person) : null;
    if (!person) throw new Refusal('FORBIDDEN');
    if (!person.phoneIndex) throw new Refusal('PHONE_REQUIRED');
    const entry = await models.pilotEntries.findOne({ city, uscc: input.uscc, kind: input.kind }).lean<PilotEntryDoc>();
    const known = await organisations.byUscc(input.uscc);
    if (known && known.kind !== input.kind) throw new Refusal('CONFLICT', { detail: '该统一社会信用代码已按另一类单位登记' });
    if (known && await memberships.active(known._id, person._id)) throw new Refusal('CONFLICT', { detail: '您已是该单位成员' });
    const owned = known ? await memberships.ownerOf(known._id) : null;
    const via = entry && entry.phoneIndex === person.phoneIndex && !owned ? 'list' : 'desk';
    if (via === 'desk') {
      const waiting = await pendingOf(person._id, input.uscc);
      if (waiting) return ownView(waiting);
      await checkDeskClaim(person, input);
    }
    const stored = await store(person, input, entry, via);
    const claim = stored.status === 'bound' ? await settle(stored) : stored;
    spread(claim);
    return ownView(claim);
  }

  /** Who checks a claim: its county, the bureau where that may decide; where there is nobody, those who make accounts. */
  async function deskOf(claim: ClaimDoc): Promise<PersonDoc[]> {
    const active = { city, 'staff.active': true, 'staff.login': { $exists: true } };
    const [county, intake] = await Promise.all([
      models.people.find({ ...active, 'staff.roles': 'county', 'staff.regions': claim.region }).lean<PersonDoc[]>(),
      models.people.find({ ...active, 'staff.roles': 'intake', 'staff.regions': { $size: 0 } }).lean<PersonDoc[]>(),
    ]);
    const mayDecide = [...county, ...(claim.region === CITY.code || claim.approvals.length > 0 ? intake : [])]
      .filter(({ _id }) => !claim.approvals.some(({ by }) => by === _id));
    return mayDecide.length > 0 ? mayDecide : models.people.find({ ...active, 'staff.roles': 'admin' }).lean<PersonDoc[]>();
  }

  async function tellAbout(claim: ClaimDoc): Promise<void> {
    const about = claim.status === 'pending' ? 'waiting' : claim.status;
    const claimant = about === 'waiting' ? null : await people.get(claim.person);
    const to = about === 'waiting' ? await deskOf(claim) : claimant ? [claimant] : [];
    await tell({
      key: `claim:${claim._id}:${about}:${claim.approvals.length}`, about, claimant: claim.person, at: claim.decidedAt ?? claim.createdAt,
      to: to.map(({ _id, openid }) => ({ person: _id, ...(openid ? { openid } : {}) })),
    });
    await models.claims.updateOne({ _id: claim._id, city, status: claim.status, approvals: { $size: claim.approvals.length } }, { $unset: { untold: '' } });
  }

  /** Nobody waits for the messages of others; the sweep tells what fails here. */
  function spread(claim: ClaimDoc): void {
    if (claim.untold) tellAbout(claim).catch(() => undefined);
  }

  const pendingOf = (person: string, uscc: string): Promise<ClaimDoc | null> =>
    models.claims.findOne({ city, person, uscc, status: 'pending' }).lean<ClaimDoc>().exec();

  /** Says the same whether the organisation is on no list, under another phone, or owned: a claim is no way to ask. */
  async function checkDeskClaim(person: PersonDoc, input: ClaimInput): Promise<void> {
    const faults: Fault[] = [];
    if (!input.name) faults.push({ field: 'name', message: '请填写营业执照上的单位名称' });
    if (!input.licenceFile) faults.push({ field: 'licenceFile', message: '未能自动核验，请上传营业执照照片，由县（市、区）核验' });
    else if (!await mayAttach(person._id, input.licenceFile)) faults.push({ field: 'licenceFile', message: '未找到该文件，请重新上传' });
    if (faults.length > 0) throw new Refusal('INVALID', { faults });
    if (await models.claims.countDocuments({ city, person: person._id, status: 'pending' }) >= PENDING_AT_MOST) {
      throw new Refusal('TOO_MANY', { detail: '待核验的认领过多，请等待县（市、区）办理' });
    }
  }

  async function store(person: PersonDoc, input: ClaimInput, entry: PilotEntryDoc | null, via: ClaimDoc['via']): Promise<ClaimDoc> {
    // The list outranks what the claimant says: nobody picks the county that will check them.
    const facts = entry ?? { ...input, name: input.name! };
    const sector = facts.sector ?? input.sector;
    const id = newId();
    if (via === 'desk' && input.licenceFile) await attachTo(id, input.licenceFile, person._id);
    try {
      const claim = await models.claims.create({
        _id: id, city, uscc: input.uscc, kind: input.kind, name: facts.name, region: facts.region, ...(sector ? { sector } : {}),
        person: person._id, status: via === 'list' ? 'bound' : 'pending', via, approvals: [], settled: false, createdAt: clock(),
        ...(via === 'list' ? { decidedAt: clock() } : { licenceFile: input.licenceFile, untold: true }),
      });
      return claim.toObject();
    } catch (error) {
      const waiting = isDuplicate(error) ? await pendingOf(person._id, input.uscc) : null;
      if (waiting) return waiting;
      throw error;
    }
  }

  /**
   * Writes what a bound claim means: the organisation, its owner, the end of the one before. Harmless twice. When somebody else
   * became the owner meanwhile, the claim goes (back) to the desk.
   */
  async function settle(claim: ClaimDoc): Promise<ClaimDoc> {
    const { uscc, name, kind, region, sector } = claim;
    const org = await organisations.ensure({ uscc, name, kind, region, ...(sector ? { sector } : {}) });
    const owner = await memberships.ownerOf(org._id);
    if (owner && owner.person !== claim.person && claim.approvals.length >= 2) await memberships.end(org._id, owner.person);
    let change: Partial<ClaimDoc> = { settled: true, org: org._id };
    try {
      await memberships.makeOwner(org._id, claim.person);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      change = { status: 'pending', via: 'desk', untold: true };
    }
    return (await models.claims.findOneAndUpdate(
      { _id: claim._id, city, status: 'bound', settled: false }, { $set: change }, { returnDocument: 'after' },
    ).lean<ClaimDoc>()) ?? claim;
  }

  const exists = async (id: string): Promise<boolean> => (await models.claims.countDocuments({ _id: id, city }, { limit: 1 })) > 0;

  /** Whether somebody may look at a claim's licence: the desk that checks it. The claimant may as its uploader. */
  async function mayRead(actor: Actor, id: string): Promise<boolean> {
    const claim = await models.claims.findOne({ _id: id, city }).lean<ClaimDoc>();
    return claim !== null && mayDecideClaim(actor, claim);
  }

  /** The sweep: finishes what a crash left between a decision, its membership and the news of it. */
  async function settleAll(): Promise<number> {
    const left = await models.claims.find({ city, status: 'bound', settled: false }).limit(100).lean<ClaimDoc[]>();
    for (const claim of left) await settle(claim);
    const untold = await models.claims.find({ city, untold: true }).limit(100).lean<ClaimDoc[]>();
    for (const claim of untold) if (claim.status !== 'bound' || claim.settled) await tellAbout(claim);
    return left.length;
  }

  /** Decides a waiting claim. To anybody but its desk it does not exist. */
  async function decide(actor: Actor, id: string, input: Decision) {
    const claim = await models.claims.findOne({ _id: id, city }).lean<ClaimDoc>();
    if (!claim || !mayDecideClaim(actor, claim)) throw new Refusal('NOT_FOUND');
    // Separation of duty looks through accounts: nobody approves a claim filed from their own phone.
    if ((await people.sameHuman(actor.person)).includes(claim.person)) throw new Refusal('FORBIDDEN', { detail: '本人提交的认领应当回避' });
    const org = await organisations.byUscc(claim.uscc);
    const owner = org && await memberships.ownerOf(org._id);
    const now = clock();
    const decided = decideClaim(claim, input, actor, Boolean(owner && owner.person !== claim.person), now);
    const saved = await models.claims.findOneAndUpdate(
      { _id: id, city, status: 'pending', approvals: { $size: claim.approvals.length } },
      { $set: { ...decided, untold: true, ...(decided.status === 'pending' ? {} : { decidedBy: actor.person, decidedAt: now }) } },
      { returnDocument: 'after' },
    ).lean<ClaimDoc>();
    if (!saved) throw new Refusal('STALE');
    const settled = saved.status === 'bound' ? await settle(saved) : saved;
    spread(settled);
    return deskView(settled);
  }

  /** The desk's waiting claims, oldest first; for WeChat users their own, newest first. `next` continues after the last one. */
  async function list(actor: Actor, { limit = 50, after }: { limit?: number; after?: string } = {}) {
    if (actor.kind === 'wechat') {
      const own = await models.claims.find({ city, person: actor.person }).sort({ createdAt: -1 }).limit(limit).lean<ClaimDoc[]>();
      return { items: own.map(ownView), next: null };
    }
    const where = deskFilter(actor);
    if (!where) throw new Refusal('FORBIDDEN');
    const from = after ? await models.claims.findOne({ _id: after, city }).lean<ClaimDoc>() : null;
    const later = from ? [{ $or: [{ createdAt: { $gt: from.createdAt } }, { createdAt: from.createdAt, _id: { $gt: from._id } }] }] : [];
    const page = await models.claims.find({ city, status: 'pending', $and: [where, ...later] })
      .sort({ createdAt: 1, _id: 1 }).limit(limit + 1).lean<ClaimDoc[]>();
    const items = await Promise.all(page.slice(0, limit).map(deskView));
    return { items, next: page.length > limit ? items.at(-1)!.id : null };
  }

  async function deskView(claim: ClaimDoc) {
    const [person, org] = await Promise.all([people.get(claim.person), organisations.byUscc(claim.uscc)]);
    const phone = person && people.phoneOf(person);
    return {
      ...ownView(claim),
      sector: claim.sector ?? null,
      licenceFile: claim.licenceFile ?? null,
      phone: phone ? maskPhone(phone) : null,
      /** The organisation has an owner already: approving replaces them and takes two people. */
      replacesOwner: Boolean(org && claim.status === 'pending' && await memberships.ownerOf(org._id)),
      approvals: claim.approvals.length,
    };
  }

  return { file, decide, list, exists, mayRead, settleAll };
}

const ownView = (claim: ClaimDoc) => ({
  id: claim._id, uscc: claim.uscc, name: claim.name, kind: claim.kind, region: claim.region, status: claim.status,
  reason: claim.reason ?? null, org: claim.org ?? null, createdAt: claim.createdAt,
});
