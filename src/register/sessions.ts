import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { makeActor, POWERS, type Actor } from '../kernel/actor';
import { Refusal } from '../kernel/refusal';
import type { OrganisationKind, PersonDoc, SessionDoc } from './documents';
import { newId, type RegisterModels } from './models';
import { newSecret, sha256 } from './tokens';

export const ACCESS_SECONDS = 15 * 60;
/** 30 days on a phone, anew with each refresh; a staff session ends with the working day, however busy. */
export const REFRESH_SECONDS = { wechat: 30 * 24 * 3600, staff: 12 * 3600 } as const;
/** How long a process may go on believing a session, its powers and its person: a revocation is effective within this. */
const BELIEVE_MS = 1000;

export interface Tokens {
  access: string;
  refresh: string;
  accessExpiresAt: Date;
  expiresAt: Date;
}

export type ActingParty = { role: 'citizen' } | { role: OrganisationKind; org: string };

export interface SessionDeps {
  models: RegisterModels;
  city: string;
  clock: () => Date;
  /** Milliseconds that only go forward; ages the cache. */
  monotonic?: () => number;
}

export type Sessions = ReturnType<typeof sessionService>;

/** Opaque tokens, stored as digests; every right is read from the database, never from the token. */
export function sessionService({ models, city, clock, monotonic = () => performance.now() }: SessionDeps) {
  const believed = new LRUCache<string, Actor>({ max: 10_000, ttl: BELIEVE_MS, perf: { now: monotonic } });

  async function open(person: PersonDoc, kind: SessionDoc['kind']): Promise<Tokens> {
    const { tokens, stored, handle } = mint(kind, clock());
    await models.sessions.create({
      _id: newId(), city, person: person._id, kind, acting: await firstActing(person, kind), ...stored,
      handleHash: sha256(handle), createdAt: clock(),
    });
    return tokens;
  }

  /** With exactly one organisation a person acts for it at once; otherwise as a citizen until they choose. */
  async function firstActing(person: PersonDoc, kind: SessionDoc['kind']): Promise<SessionDoc['acting']> {
    if (kind === 'staff') return { role: person.staff?.roles[0] ?? 'citizen' };
    const memberships = await models.memberships.find({ city, person: person._id, active: true }).limit(2).lean();
    const only = memberships.length === 1 ? memberships[0] : undefined;
    const org = only && await models.organisations.findOne({ _id: only.org, city }).lean();
    return org ? { role: org.kind, org: org._id } : { role: 'citizen' };
  }

  /** Who is behind an access token, with the powers of this very moment (at most a second old). */
  async function actorOf(access: string): Promise<Actor> {
    const accessHash = sha256(access);
    const known = believed.get(accessHash);
    if (known) return known;
    const session = await models.sessions.findOne({ city, accessHash }).lean<SessionDoc>();
    if (!session) throw new Refusal('UNAUTHENTICATED');
    const now = clock();
    if (session.accessExpiresAt <= now || session.expiresAt <= now) throw new Refusal('EXPIRED');
    const actor = await resolve(session);
    // The token's own end must not be outlived by the belief; a refresh replaces the token, so the digest is forgotten there.
    if (session.accessExpiresAt.getTime() - now.getTime() > BELIEVE_MS) believed.set(accessHash, actor);
    return actor;
  }

  /** The actor of a session as it stands now; null once it has ended. For connections that stay open. */
  async function current({ session: id }: Pick<Actor, 'session'>): Promise<Actor | null> {
    const session = await models.sessions.findOne({ _id: id, city }).lean<SessionDoc>();
    if (!session || session.expiresAt <= clock()) return null;
    return resolve(session).catch((error: unknown) => { if (error instanceof Refusal) return null; throw error; });
  }

  async function resolve(session: SessionDoc): Promise<Actor> {
    const person = await models.people.findOne({ _id: session.person, city }).lean<PersonDoc>();
    if (!person?.active) throw new Refusal('UNAUTHENTICATED');
    const base = { person: person._id, session: session._id, kind: session.kind };
    if (session.kind === 'staff') {
      if (!person.staff?.active) throw new Refusal('UNAUTHENTICATED');
      const { roles, desks, regions } = person.staff;
      return makeActor({ ...base, roles, powers: [], desks, regions });
    }
    const { org, role } = session.acting;
    const membership = org
      ? await models.memberships.findOne({ city, org, person: person._id, active: true }).lean()
      : null;
    // A member who was removed goes on as a citizen: signed in, without any right of the organisation.
    return membership && org
      ? makeActor({ ...base, roles: [role], org, powers: membership.role === 'owner' ? POWERS : membership.powers, desks: [], regions: [] })
      : makeActor({ ...base, roles: ['citizen'], powers: [], desks: [], regions: [] });
  }

  /**
   * Exchanges a refresh token for new tokens. Each is good once: presenting one that was already exchanged means that two
   * parties hold it, and ends the session for both.
   */
  async function refresh(token: string): Promise<Tokens> {
    const [handle, secret] = split(token);
    const handleHash = sha256(handle);
    const session = await models.sessions.findOne({ city, handleHash }).lean<SessionDoc>();
    if (!session) throw new Refusal('UNAUTHENTICATED');
    const presented = sha256(secret);
    if (!timingSafeEqual(Buffer.from(presented), Buffer.from(session.refreshHash))) return kill(session._id);
    if (session.expiresAt <= clock()) throw new Refusal('EXPIRED');
    await resolve(session); // a leaver's session is not renewed
    const { tokens, stored } = mint(session.kind, clock(), handle);
    if (session.kind === 'staff') tokens.expiresAt = stored.expiresAt = session.expiresAt;
    const { matchedCount } = await models.sessions.updateOne({ _id: session._id, city, refreshHash: presented }, { $set: stored });
    if (matchedCount === 0) return kill(session._id);
    believed.delete(session.accessHash);
    return tokens;
  }

  async function kill(id: string): Promise<never> {
    await end(id);
    throw new Refusal('UNAUTHENTICATED');
  }

  async function end(id: string): Promise<void> {
    await models.sessions.deleteOne({ _id: id, city });
    forget((actor) => actor.session === id);
  }

  /** Every session of a person: sign-out everywhere, a leaver, a reset account. */
  async function endAll(person: string): Promise<void> {
    await models.sessions.deleteMany({ city, person });
    forgetPerson(person);
  }

  /** Rights of a person changed: the next request reads them anew in this process, within a second in every other. */
  const forgetPerson = (person: string): void => forget((actor) => actor.person === person);

  function forget(affected: (actor: Actor) => boolean): void {
    for (const [hash, actor] of believed.entries()) if (affected(actor)) believed.delete(hash);
  }

  /** Changes the acting party of a WeChat session. Staff act in their own capacity only. */
  async function act(actor: Actor, as: ActingParty): Promise<void> {
    if (actor.kind !== 'wechat') throw new Refusal('FORBIDDEN');
    if (as.role !== 'citizen') {
      const [membership, org] = await Promise.all([
        models.memberships.findOne({ city, org: as.org, person: actor.person, active: true }).lean(),
        models.organisations.findOne({ _id: as.org, city, kind: as.role }).lean(),
      ]);
      // The same answer for an organisation of somebody else and for none.
      if (!membership || !org) throw new Refusal('NOT_FOUND');
    }
    await models.sessions.updateOne({ _id: actor.session, city }, { $set: { acting: as } });
    forget((known) => known.session === actor.session);
  }

  return { open, actorOf, current, refresh, end, endAll, forgetPerson, act };
}

function mint(kind: SessionDoc['kind'], now: Date, handle = newSecret(16)) {
  const access = newSecret();
  const secret = newSecret();
  const stored = {
    accessHash: sha256(access),
    accessExpiresAt: new Date(now.getTime() + ACCESS_SECONDS * 1000),
    refreshHash: sha256(secret),
    expiresAt: new Date(now.getTime() + REFRESH_SECONDS[kind] * 1000),
  };
  const tokens: Tokens = { access, refresh: `${handle}.${secret}`, accessExpiresAt: stored.accessExpiresAt, expiresAt: stored.expiresAt };
  return { tokens, stored, handle };
}

function split(token: string): [handle: string, secret: string] {
  const [handle, secret, ...rest] = token.split('.');
  if (!handle || !secret || rest.length > 0) throw new Refusal('UNAUTHENTICATED');
  return [handle, secret];
}
