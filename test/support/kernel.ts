import { pino } from 'pino';
import { makeActor, type Actor, type Power, type StaffRole } from '../../src/kernel/actor';
import type { Pending } from '../../src/kernel/case';
import { openCases } from '../../src/kernel/cases';
import { createKernel } from '../../src/kernel/kernel';
import type { Look, OrgFacts, ExpertFacts } from '../../src/kernel/look';
import { createLook } from '../../src/kernel/look';
import type { Procedure } from '../../src/kernel/procedure';
import { createWork, type Handlers } from '../../src/kernel/work';
import { loadRulebook } from '../../src/rulebook/rulebook';
import { testDatabase } from './engines';

export const anEnterprise = (id: string, more: Partial<OrgFacts> = {}): OrgFacts =>
  ({ id, name: `企业${id}`, kind: 'enterprise', uscc: '', region: '410702', sector: 'lifting', pilot: true, ...more });
export const aProvider = (id: string, more: Partial<OrgFacts> = {}): OrgFacts =>
  ({ id, name: `服务商${id}`, kind: 'provider', uscc: '', region: '410702', sector: 'lifting', pilot: false, standing: 'listed', ...more });

export const owner = (person: string, org: string, powers: readonly Power[] = ['view', 'handle', 'confirm', 'pay', 'manage']): Actor =>
  makeActor({ person, kind: 'wechat', roles: ['enterprise'], org, powers, desks: [], regions: [], session: `s-${person}` });
export const providerStaff = (person: string, org: string, powers: readonly Power[] = ['view', 'handle', 'confirm', 'pay', 'manage']): Actor =>
  makeActor({ person, kind: 'wechat', roles: ['provider'], org, powers, desks: [], regions: [], session: `s-${person}` });
export const citizen = (person: string): Actor =>
  makeActor({ person, kind: 'wechat', roles: ['citizen'], powers: [], desks: [], regions: [], session: `s-${person}` });
export const official = (person: string, roles: readonly StaffRole[], desks: readonly string[] = [], regions: readonly string[] = []): Actor =>
  makeActor({ person, kind: 'staff', roles, powers: [], desks, regions, session: `s-${person}` });

/**
 * The kernel on the real engine with given organisations and experts and a clock the test moves. Desks are claimed by `claim`,
 * queues are the review area's own tests' business.
 */
export async function testKernel(procedures: readonly Procedure[], given: { organisations?: OrgFacts[]; experts?: ExpertFacts[]; at?: string } = {}) {
  const database = await testDatabase();
  const cases = await openCases(database.connection);
  let now = new Date(given.at ?? '2026-03-02T02:00:00Z');
  const rulebook = loadRulebook();
  const relayed: { no: string; pending: readonly Pending[] }[] = [];
  const called: { service: string; input: Record<string, unknown>; cause: unknown }[] = [];
  const told: { no: string; seq: number; to: readonly string[] }[] = [];
  const reminded: { no: string; kind: string }[] = [];
  const sealed = new Map<string, Record<string, string>>();
  const files = new Map<string, string>();
  const members = new Set<string>();
  const organisations = new Map((given.organisations ?? []).map((org) => [org.id, org]));
  const look: Look = createLook({
    city: 'xinxiang', cases,
    organisation: async (id) => organisations.get(id) ?? null,
    listedProviders: async (sector) => [...organisations.values()].filter((org) => org.kind === 'provider' && org.standing === 'listed' && (!sector || org.sector === sector)),
    experts: async () => given.experts ?? [],
    namesOf: async (persons) => new Map(persons.map((person) => [person, `姓名${person}`])),
    fileHash: async (id) => files.get(id) ?? null,
    isMember: async (person, org) => members.has(`${person} ${org}`),
    mentionsIdentity: async (no, text) => Object.values(sealed.get(no) ?? {}).some((part) => text.includes(part)),
  });
  const kernel = createKernel({
    city: 'xinxiang', cases, procedures: new Map(procedures.map((p) => [p.name, p])), now: () => now, look,
    organisationsNamed: async (text, limit) => [...organisations.values()].filter(({ name }) => name.toLowerCase().includes(text.toLowerCase())).map(({ id }) => id).slice(0, limit),
    rulebook: async () => rulebook, attachFiles: async () => undefined,
    seal: async (values, { no }) => {
      sealed.set(no, values);
      return { ref: `identity-${no}`, pseudonym: '举报人-TEST', phoneIsBound: true, earlier: 0 };
    },
    relay: (no, pending) => { relayed.push({ no, pending }); },
  });
  const handlers: Handlers = {
    route: async () => undefined,
    notify: async ({ case: c, entry, move }) => { told.push({ no: c.no, seq: entry.seq, to: move.tells }); },
    remind: async (c, kind) => { reminded.push({ no: c.no, kind }); },
    schedule: async () => undefined,
    services: new Proxy({}, { get: (_, service: string) => async (input: Record<string, unknown>, cause: unknown) => { called.push({ service, input, cause }); } }),
  };
  const work = createWork({ city: 'xinxiang', cases, procedures: kernel.procedures, act: kernel, handlers, now: () => now, log: pino({ level: 'silent' }) });

  /** What the chat-bot asks of the register. */
  const people = {
    listedProviders: look.listedProviders, organisation: look.organisation,
    publicRegister: async ({ limit }: { limit: number }) => ({
      items: [...organisations.values()].filter(({ kind, standing }) => kind === 'provider' && standing !== 'candidate').slice(0, limit)
        .map(({ id, name, region, sector = null, standing }) => ({ id, name, region, sector, standing: standing as 'listed' | 'removed', since: '2026-01-05T02:00:00.000Z', article: '10' })),
      next: null,
    }),
  };

  return {
    ...database, cases, people, sealed, kernel, work, rulebook, relayed, called, told, reminded, organisations, look,
    /** Uploaded files by id, with their SHA-256. */
    files,
    /** Memberships beyond those acted in, as 'person organisation'. */
    members,
    now: () => now,
    /** Moves the clock to an instant, or on by some days, and lets clocks that ran out act. */
    async pass(to: string | { days: number }): Promise<void> {
      now = typeof to === 'string' ? new Date(to) : new Date(now.getTime() + to.days * 86_400_000);
      for (let round = 0; round < 3; round += 1) await work.sweepClocks();
      await this.settle();
    },
    /** Does all pending work, as the workers would, until none is left. */
    async settle(): Promise<void> {
      for (let round = 0; round < 20; round += 1) {
        const open = await cases.find({ 'outbox.at': { $gt: new Date(0) } }).toArray();
        if (open.length === 0) return;
        for (const c of open) for (const { seq, work: kind } of c.outbox) await work.doWork(kind, { no: c.no, seq });
      }
      throw new Error('pending work does not come to an end');
    },
    /** Puts the case on the actor's desk, as a claim does. */
    async claim(actor: Actor, no: string): Promise<void> {
      await cases.updateOne({ no, task: { $exists: true } }, { $set: { 'task.assignee': actor.person }, $addToSet: { handlers: actor.person, access: `person:${actor.person}` } } as never);
    },
    state: async (no: string): Promise<string> => (await cases.findOne({ no }))!.state,
  };
}

export type TestKernel = Awaited<ReturnType<typeof testKernel>>;
