import { POWERS, type Actor, type Power } from '../kernel/actor';
import { Refusal } from '../kernel/refusal';
import { contextOf, type KeyRing } from '../vault/crypto';
import type { InvitationDoc, MembershipDoc, OrganisationDoc, PersonDoc } from './documents';
import { isDuplicate, newId, type RegisterModels } from './models';
import { maskPhone, phoneIndexOf, type People } from './people';
import type { Sessions } from './sessions';

const INVITATION_DAYS = 30;
/** Colleagues and open invitations of one organisation together: enough for any pilot enterprise, too few for abuse. */
const MEMBERS_AT_MOST = 50;

export interface MembershipDeps {
  models: RegisterModels;
  keys: KeyRing;
  city: string;
  clock: () => Date;
  people: People;
  sessions: Sessions;
}

export type Memberships = ReturnType<typeof membershipService>;

export function membershipService({ models, keys, city, clock, people, sessions }: MembershipDeps) {
  const active = (org: string, person: string): Promise<MembershipDoc | null> =>
    models.memberships.findOne({ city, org, person, active: true }).lean<MembershipDoc>().exec();

  const ownerOf = (org: string): Promise<MembershipDoc | null> =>
    models.memberships.findOne({ city, org, role: 'owner', active: true }).lean<MembershipDoc>().exec();

  /** Makes a person the owner; harmless twice. Refuses CONFLICT when somebody else is. */
  async function makeOwner(org: string, person: string): Promise<void> {
    try {
      await models.memberships.updateOne(
        { city, org, person },
        {
          $set: { role: 'owner', powers: [...POWERS], active: true },
          $setOnInsert: { _id: newId(), since: clock() },
          $unset: { endedAt: 1, invitedBy: 1 },
        },
        { upsert: true },
      );
    } catch (error) {
      if (isDuplicate(error)) throw new Refusal('CONFLICT', { detail: '该单位已有负责人' });
      throw error;
    }
    sessions.forgetPerson(person);
  }

  /** Ends the membership; the person's next request has no right of the organisation any more. */
  async function end(org: string, person: string): Promise<void> {
    await models.memberships.updateOne({ city, org, person, active: true }, { $set: { active: false, endedAt: clock() } });
    // A leaver must not come back, or bring a friend, by an invitation sent before leaving.
    const phoneIndex = (await people.get(person))?.phoneIndex;
    await models.invitations.updateMany(
      { city, org, status: 'open', $or: [{ invitedBy: person }, ...(phoneIndex ? [{ phoneIndex }] : [])] },
      { $set: { status: 'withdrawn' } },
    );
    sessions.forgetPerson(person);
  }

  /** The actor's own membership of this organisation, read anew; to everybody else the organisation's people do not exist. */
  async function mine(actor: Actor, org: string): Promise<MembershipDoc> {
    const membership = actor.kind === 'wechat' && actor.org === org ? await active(org, actor.person) : null;
    if (!membership) throw new Refusal('NOT_FOUND');
    return membership;
  }

  async function manager(actor: Actor, org: string): Promise<MembershipDoc> {
    const membership = await mine(actor, org);
    if (!membership.powers.includes('manage')) throw new Refusal('FORBIDDEN');
    return membership;
  }

  async function list(actor: Actor, org: string) {
    const membership = await mine(actor, org);
    const [members, invitations] = await Promise.all([
      models.memberships.find({ city, org, active: true }).sort({ since: 1 }).lean<MembershipDoc[]>(),
      membership.powers.includes('manage')
        ? models.invitations.find({ city, org, status: 'open', expiresAt: { $gt: clock() } }).lean<InvitationDoc[]>()
        : [],
    ]);
    const persons = await models.people.find({ city, _id: { $in: members.map((m) => m.person) } }).lean<PersonDoc[]>();
    const byId = new Map(persons.map((person) => [person._id, person]));
    return {
      members: members.map((m) => memberView(m, byId.get(m.person))),
      invitations: invitations.map((i) => ({
        id: i._id, phone: maskPhone(keys.decrypt(i.phone, contextOf('invitations', 'phone', i._id))), powers: i.powers, expiresAt: i.expiresAt,
      })),
    };
  }

  const memberView = (m: MembershipDoc, person: PersonDoc | undefined) => {
    const phone = person && people.phoneOf(person);
    return { person: m.person, role: m.role, powers: m.powers, since: m.since, phone: phone ? maskPhone(phone) : null };
  };

  /** Invites the owner of a phone, with powers the inviter has too: nobody passes on more than they hold. */
  async function invite(actor: Actor, org: string, input: { phone: string; powers: Power[] }): Promise<{ id: string }> {
    const inviter = await manager(actor, org);
    const powers = POWERS.filter((power) => power === 'view' || input.powers.includes(power));
    if (!powers.every((power) => inviter.powers.includes(power))) {
      throw new Refusal('FORBIDDEN', { detail: '不能授予您自己没有的权限' });
    }
    const [members, open] = await Promise.all([
      models.memberships.countDocuments({ city, org, active: true }),
      models.invitations.countDocuments({ city, org, status: 'open' }),
    ]);
    if (members + open >= MEMBERS_AT_MOST) throw new Refusal('TOO_MANY', { detail: `成员与邀请合计不能超过 ${MEMBERS_AT_MOST} 人` });
    const id = newId();
    const now = clock();
    const phoneIndex = phoneIndexOf(keys, input.phone);
    // A second invitation of the same phone replaces the first: the powers last chosen are the ones that count.
    await models.invitations.updateMany({ city, org, phoneIndex, status: 'open' }, { $set: { status: 'withdrawn' } });
    try {
      await models.invitations.create({
        _id: id, city, org, phoneIndex, powers, invitedBy: actor.person, status: 'open', createdAt: now,
        phone: keys.encrypt(input.phone, contextOf('invitations', 'phone', id)),
        expiresAt: new Date(now.getTime() + INVITATION_DAYS * 24 * 3600 * 1000),
      });
    } catch (error) {
      if (isDuplicate(error)) throw new Refusal('CONFLICT', { detail: '已邀请该手机号' });
      throw error;
    }
    return { id };
  }

  async function withdraw(actor: Actor, org: string, invitation: string): Promise<void> {
    await manager(actor, org);
    const { matchedCount } = await models.invitations.updateOne({ _id: invitation, city, org, status: 'open' }, { $set: { status: 'withdrawn' } });
    if (matchedCount === 0) throw new Refusal('NOT_FOUND');
  }

  /** Open invitations to the phone this person has proven to be theirs. */
  async function invitationsFor(person: PersonDoc) {
    if (!person.phoneIndex) return [];
    const open = await models.invitations.find({ city, phoneIndex: person.phoneIndex, status: 'open', expiresAt: { $gt: clock() } }).lean<InvitationDoc[]>();
    const orgs = await models.organisations.find({ city, _id: { $in: open.map((i) => i.org) } }, { name: 1 }).lean<OrganisationDoc[]>();
    const names = new Map(orgs.map((org) => [org._id, org.name]));
    return open.map((i) => ({ id: i._id, org: i.org, name: names.get(i.org) ?? '', powers: i.powers, expiresAt: i.expiresAt }));
  }

  async function accept(actor: Actor, invitation: string): Promise<{ org: string }> {
    const person = actor.kind === 'wechat' ? await people.get(actor.person) : null;
    if (!person?.phoneIndex) throw new Refusal('PHONE_REQUIRED');
    const offer = { _id: invitation, city, phoneIndex: person.phoneIndex, status: 'open', expiresAt: { $gt: clock() } } as const;
    const open = await models.invitations.findOne(offer).lean<InvitationDoc>();
    if (!open) throw new Refusal('NOT_FOUND');
    const { org } = open;
    // The membership first: a crash in between leaves an invitation that can be accepted again, not one that is lost.
    await join(open, person._id);
    const { matchedCount } = await models.invitations.updateOne(offer, { $set: { status: 'accepted' } });
    if (matchedCount === 0 && (await models.invitations.findOne({ _id: invitation, city }).lean())?.status === 'withdrawn') {
      await end(org, person._id);
      throw new Refusal('NOT_FOUND');
    }
    return { org };
  }

  async function join({ org, powers, invitedBy }: InvitationDoc, person: string): Promise<void> {
    if ((await active(org, person))?.role === 'owner') return;
    await models.memberships.updateOne(
      { city, org, person },
      { $set: { role: 'member', powers, invitedBy, active: true, since: clock() }, $setOnInsert: { _id: newId() }, $unset: { endedAt: 1 } },
      { upsert: true },
    );
    sessions.forgetPerson(person);
  }

  /** Managers remove colleagues, anybody leaves; the owner is replaced only through a claim. */
  async function remove(actor: Actor, org: string, person: string): Promise<void> {
    if (person === actor.person) await mine(actor, org);
    else await manager(actor, org);
    const membership = await active(org, person);
    if (!membership) throw new Refusal('NOT_FOUND');
    if (membership.role === 'owner') throw new Refusal('FORBIDDEN', { detail: '负责人不能被移除，请由新负责人重新认领' });
    await end(org, person);
  }

  /** The organisations a person may act for, with powers. */
  async function of(person: string) {
    const memberships = await models.memberships.find({ city, person, active: true }).lean<MembershipDoc[]>();
    const orgs = await models.organisations.find({ city, _id: { $in: memberships.map((m) => m.org) } }).lean<OrganisationDoc[]>();
    const byId = new Map(memberships.map((m) => [m.org, m]));
    return orgs.map((org) => {
      const { role, powers } = byId.get(org._id)!;
      return { id: org._id, name: org.name, kind: org.kind, region: org.region, sector: org.sector ?? null, standing: org.standing ?? null, role, powers };
    });
  }

  return { ownerOf, makeOwner, end, list, invite, withdraw, invitationsFor, accept, remove, of, active };
}
