import { randomBytes } from 'node:crypto';
import { makeActor, orgTag, type Actor } from '../../src/kernel/actor';
import { accessOf, createAct } from '../../src/kernel/act';
import type { Case, Entry } from '../../src/kernel/case';
import type { CaseCollection } from '../../src/kernel/cases';
import { digest, firstBreak, GENESIS, seal, sha256, stateHashOf } from '../../src/kernel/chain';
import type { Look, OrgFacts } from '../../src/kernel/look';
import { newCaseNo } from '../../src/kernel/numbers';
import { PROCEDURES } from '../../src/procedures';
import { loadRulebook } from '../../src/rulebook/rulebook';

/** Organisations and people the stored cases belong to. */
export interface Owners {
  enterprise: { org: string; person: string };
  provider: { org: string; person: string };
}

const CITY = 'xinxiang';
const DAY_MS = 86_400_000;
const BATCH = 1000;
const TEXT = '实施人员多次更换，约定的上门时间未到场，影响车间排产；已多次电话沟通，对方答复与合同约定不一致，现场记录附后。';
/** One case in so many belongs to the enterprise and provider of the bench; the others to a city's worth of organisations. */
const ORGANISATIONS = 400;

/** A kernel on a shelf of one: real procedures make real cases, without a database. */
function shelf() {
  let stored: Case<any> | undefined;
  const organisations = new Map<string, OrgFacts>();
  const cases = {
    findOne: async (filter: { no?: string }) => (filter.no && stored?.no === filter.no ? stored : null),
    insertOne: async (c: Case<any>) => { stored = c; },
    updateOne: async (_filter: object, { $set, $unset = {}, $push }: { $set: Partial<Case<any>>; $unset?: object; $push: { timeline: Entry } }) => {
      const next = { ...stored!, ...$set, version: stored!.version + 1, timeline: [...stored!.timeline, $push.timeline] } as Record<string, unknown>;
      for (const name of Object.keys($unset)) delete next[name];
      stored = next as unknown as Case<any>;
      return { modifiedCount: 1 };
    },
  } as unknown as CaseCollection;
  const rulebook = loadRulebook();
  let now = new Date();
  const act = createAct({
    city: CITY, cases, procedures: PROCEDURES, now: () => now, rulebook: async () => rulebook, attachFiles: async () => undefined, relay: () => undefined,
    look: { organisation: async (id: string) => organisations.get(id) ?? null } as unknown as Look,
    seal: async () => ({ ref: '', pseudonym: '', phoneIsBound: false, earlier: 0 }),
  });
  return { act, organisations, take: () => stored!, set: (at: Date) => { now = at; }, claim: (person: string) => { stored = { ...stored!, task: { ...stored!.task!, assignee: person, claimedAt: now }, handlers: [person] }; } };
}

const outsider = (role: 'enterprise' | 'provider', org: string, person: string): Actor =>
  makeActor({ person, kind: 'wechat', roles: [role], org, powers: ['view', 'handle', 'confirm'], desks: [], regions: [], session: 'bench' });
const clerk = (person: string, desk: string): Actor => makeActor({ person, kind: 'staff', roles: ['reviewer'], powers: [], desks: [desk], regions: [], session: 'bench' });

/** How far a complaint has gone, and the share of such in the store: most of an office's cases are closed. */
const FATES = [['settled', 0.8], ['dismissed', 0.17], ['replied', 0.015], ['filed', 0.015]] as const;
type Fate = (typeof FATES)[number][0];

async function made(fate: Fate, { enterprise, provider }: Owners): Promise<Case<any>> {
  const place = shelf();
  const facts = (id: string, kind: 'enterprise' | 'provider'): OrgFacts => ({ id, name: `${kind}${id}有限公司`, kind, uscc: '', region: '410702', sector: 'lifting', pilot: true, standing: 'listed' });
  place.organisations.set(enterprise.org, facts(enterprise.org, 'enterprise'));
  place.organisations.set(provider.org, facts(provider.org, 'provider'));
  const owner = outsider('enterprise', enterprise.org, enterprise.person);
  const { no } = await place.act.open(owner, 'complaint', 'file', { provider: provider.org, matters: ['delay', 'staff'], text: TEXT.repeat(3), wish: '更换项目经理并书面说明后续计划' }, { key: randomBytes(8).toString('hex') });
  if (fate === 'filed') return place.take();
  place.claim('clerk-1');
  await place.act.act(clerk('clerk-1', 'intake'), no, 'accept', {}, { key: 'k-accept-1' });
  await place.act.act(outsider('provider', provider.org, provider.person), no, 'reply', { reply: TEXT.repeat(2) }, { key: 'k-reply-1' });
  if (fate === 'replied') return place.take();
  place.claim('clerk-2');
  await place.act.act(clerk('clerk-2', 'supervision'), no, 'settle', { result: fate === 'settled' ? 'upheld' : 'dismissed', finding: TEXT }, { key: 'k-settle-1' });
  return place.take();
}

/**
 * Fills the store with complaints as the real procedure makes them: each with parties, numbers and times of its own and a chain that
 * verifies. `open` cases more stand at the intake desk for moves to be made on, all of the owners given. Answers their numbers.
 */
export async function stock(cases: CaseCollection, count: number, owners: Owners, open: number): Promise<string[]> {
  const patterns = new Map<Fate, Case<any>>();
  for (const [fate] of FATES) patterns.set(fate, await made(fate, owners));
  const end = Date.now() - 3_600_000;
  let batch: Case<any>[] = [];
  const openNos: string[] = [];
  const write = async (): Promise<void> => {
    if (batch.length > 0) await cases.insertMany(batch, { ordered: false, writeConcern: { w: 1 } });
    batch = [];
  };
  for (let i = 0; i < count + open; i += 1) {
    const isExtra = i >= count;
    const share = (i * 0.618_033_988_7) % 1;
    const fate: Fate = isExtra ? 'filed' : pickFate(share);
    const mine = isExtra || i % (ORGANISATIONS / 4) === 0;
    const pair = mine ? owners : {
      enterprise: { org: `org-e-${i % ORGANISATIONS}`, person: `per-e-${i % ORGANISATIONS}` },
      provider: { org: `org-p-${i % 60}`, person: `per-p-${i % 60}` },
    };
    const c = copy(patterns.get(fate)!, owners, pair, new Date(end - ((count + open - i) / (count + open)) * 300 * DAY_MS), i);
    if (i % 20_000 === 0 && firstBreak(c)) throw new Error(`the bench's own case is broken: ${JSON.stringify(firstBreak(c))}`);
    if (isExtra) openNos.push(c.no);
    batch.push(c);
    if (batch.length === BATCH) await write();
  }
  await write();
  return openNos;
}

function pickFate(share: number): Fate {
  let left = share;
  for (const [fate, weight] of FATES) if ((left -= weight) < 0) return fate;
  return 'settled';
}

/** The same story with other parties at another time, sealed anew line by line. */
function copy(pattern: Case<any>, from: Owners, to: Owners, openedAt: Date, index: number): Case<any> {
  const shift = openedAt.getTime() - pattern.openedAt.getTime();
  const at = (date: Date): Date => new Date(date.getTime() + shift);
  const names = new Map([[from.enterprise.org, to.enterprise.org], [from.provider.org, to.provider.org], [from.enterprise.person, to.enterprise.person], [from.provider.person, to.provider.person]]);
  const other = (id: string): string => names.get(id) ?? id;
  const openKey = sha256(`bench:${index}:${openedAt.getTime()}`);
  const c: Case<any> = {
    ...pattern, no: newCaseNo('TS', openedAt, openKey), openKey, openedAt, updatedAt: at(pattern.updatedAt), ...(pattern.closedAt ? { closedAt: at(pattern.closedAt) } : {}),
    parties: { enterprise: [orgTag(to.enterprise.org)], provider: [orgTag(to.provider.org)] }, data: { ...pattern.data, provider: to.provider.org },
    involved: [orgTag(to.enterprise.org), orgTag(to.provider.org)], waitsOn: [], outbox: [], timeline: [],
    ...(pattern.task ? { task: { ...pattern.task, since: at(pattern.task.since), assignee: undefined, claimedAt: undefined } } : {}),
    // Long-stored work must not fall due while its speed is measured.
    ...(pattern.clock ? { clock: { ...pattern.clock, startedAt: at(pattern.clock.startedAt) } } : {}),
  };
  if (c.task) { delete c.task.assignee; delete c.task.claimedAt; }
  delete (c as { _id?: unknown })._id;
  let prev = GENESIS;
  const last = pattern.timeline.length - 1;
  c.timeline = pattern.timeline.map((entry, i) => {
    const { hash: _hash, ...line } = entry;
    const { person, role, org } = entry.by;
    const sealed = seal({
      ...line, at: at(entry.at), by: { person: other(person), role, ...(org ? { org: other(org) } : {}) }, prev,
      stateHash: i === last ? stateHashOf(c) : digest(`${c.no}:${i}`), ...(entry.key ? { key: sha256(`${entry.key}:${index}`) } : {}),
    });
    prev = sealed.hash;
    return sealed;
  });
  c.access = accessOf(PROCEDURES.get('complaint')!, c);
  return c;
}

