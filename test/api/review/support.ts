import { pino } from 'pino';
import { makeActor, type Actor, type StaffRole } from '../../../src/kernel/actor';
import type { Case } from '../../../src/kernel/case';
import { openCases } from '../../../src/kernel/cases';
import { form } from '../../../src/kernel/fields';
import { handler, opener, procedure, theBureau, theHandlers } from '../../../src/kernel/declare';
import type { Procedure } from '../../../src/kernel/procedure';
import { createReview, type ReviewDeps } from '../../../src/review/review';
import type { Change } from '../../../src/review/live';
import type { Reviewer } from '../../../src/review/reviewers';
import { loadRulebook } from '../../../src/rulebook/rulebook';
import { testDatabase } from '../../support/engines';

const CITY = 'xinxiang';
const START = new Date('2026-03-02T02:00:00Z');

/** Filed at the intake desk, found at the report desk, and cosigned there by somebody else. */
export const matter: Procedure = procedure({
  name: 'matter', title: '事项', prefix: 'SX', article: '18', parties: { filer: '举报人', accused: '服务商' }, data: {},
  states: { filed: { title: '待受理', desk: 'intake', within: 'report.accept' }, taken: { title: '待核查', desk: 'report', within: 'report.verify' }, found: { title: '待会签', desk: 'report', within: 'report.cosign' }, local: { title: '县区核查', desk: 'county', within: 'report.verify' }, done: { title: '已办结', end: true } },
}).moves((move) => ({
  file: move.open({ title: '提交', to: 'filed', by: opener('citizen'), form: form({}), begin: () => ({ data: {}, parties: {} }) }),
  accept: move.step({ title: '受理', from: 'filed', to: 'taken', by: handler() }),
  pass: move.step({ title: '转县区', from: 'filed', to: 'local', by: handler() }),
  check: move.step({ title: '核查完毕', from: 'local', to: 'done', by: handler() }),
  find: move.step({ title: '提出意见', from: 'taken', to: 'found', by: handler() }),
  cosign: move.step({ title: '会签', from: 'found', to: 'done', by: handler({ notWhoDid: ['find'] }) }),
})).sees({
  bureau: { who: theBureau('supervisor'), fields: [], timeline: 'all' },
  handlers: { who: theHandlers(), fields: [], timeline: 'all' },
});
const appeal: Procedure = { ...matter, name: 'appeal', title: '申诉' };

export const aReviewer = (person: string, more: Partial<Reviewer> = {}): Reviewer => ({
  person, roles: ['intake'], desks: ['intake'], regions: [], skills: { procedures: [], sectors: [] }, capacity: 20, onDuty: true, absences: [], conflicts: [], active: true, ...more,
});

export const actorOf = ({ person, roles, desks, regions }: Reviewer): Actor =>
  makeActor({ person, kind: 'staff', roles, powers: [], desks, regions, session: `s-${person}` });

export const supervisor = makeActor({ person: 'chief', kind: 'staff', roles: ['supervisor'], powers: [], desks: [], regions: [], session: 's-chief' });
export const official = (person: string, roles: StaffRole[], desks: string[] = [], regions: string[] = []): Actor =>
  makeActor({ person, kind: 'staff', roles, powers: [], desks, regions, session: `s-${person}` });

/** Routing on the real engines, with reviewers and a clock the test sets, and nobody in the background. */
export async function reviewOffice(reviewers: Reviewer[] = [], more: Partial<ReviewDeps> = {}) {
  const database = await testDatabase();
  const cases = await openCases(database.connection);
  const rulebook = loadRulebook();
  const log = pino({ level: 'silent' });
  const office = { reviewers, now: START, told: [] as { to: readonly string[]; change: Change }[] };
  let counter = 0;
  const build = (again: Partial<ReviewDeps> = {}) => createReview({
    city: CITY, cases, redis: database.redis, prefix: database.prefix, directory: async () => office.reviewers, namesOf: async (persons) => new Map(persons.map((person) => [person, `姓名${person}`])),
    procedures: new Map([[matter.name, matter], [appeal.name, appeal]]), rulebook: async () => rulebook, now: () => office.now, log,
    publish: (to, change) => { office.told.push({ to, change }); }, ...more, ...again,
  });
  const review = build();

  /** A case as the kernel stores it, filed a second after the last one by somebody new. */
  function aCase(given: Partial<Omit<Case, 'task'>> & { task?: Partial<NonNullable<Case['task']>> | null; filer?: string } = {}): Case {
    counter += 1;
    const { task, filer = `citizen-${counter}`, ...rest } = given;
    const since = new Date(START.getTime() + counter * 1000);
    const line = (seq: number, move: string, person: string, role: 'citizen' | 'reviewer') =>
      ({ seq, at: since, move, from: null, to: 'filed', by: { person, role }, article: '18' as const, stateHash: '', prev: '', hash: `${counter}-${seq}` });
    return {
      city: CITY, no: `SX20260302-${String(counter).padStart(6, '0')}`, procedure: 'matter', rulebook: 1, state: 'filed', version: 1,
      parties: {}, names: {}, region: '410702', sector: 'lifting', data: {}, involved: [], access: ['desk:intake', 'desk:report', 'desk:county', 'desk:county@410702', 'role:supervisor'], barred: [], handlers: [], disclosed: [], waitsOn: [],
      timeline: [line(1, 'file', filer, 'citizen')], outbox: [], links: [], openedAt: since, updatedAt: since, openKey: `key-${counter}`,
      ...(task === null ? {} : { task: { desk: 'intake', seq: 1, since, priority: 0, ...task } }), ...rest,
    };
  }

  /** What FLUSHALL does, as much at one stroke, but to this file's keys only: other test files share the engine. */
  const flush = async (): Promise<void> => {
    await database.redis.eval("for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end", 0, `${database.prefix}*`);
  };

  return Object.assign(office, {
    ...database, cases, review, build, aCase, rulebook, log,
    at: (minutes: number) => { office.now = new Date(START.getTime() + minutes * 60_000); },
    get: async (no: string) => (await cases.findOne({ city: CITY, no }))!,
    /** Stores a case and routes it, as the worker would. */
    async file(given: Parameters<typeof aCase>[0] = {}): Promise<Case> {
      const c = aCase(given);
      await cases.insertOne({ ...c });
      await review.route(c, c.timeline.length);
      return c;
    },
    /** A move of the kernel: raises the version and gives the case as it is then, not yet routed. */
    async move(no: string, set: Record<string, unknown>, unset: Record<string, ''> = {}): Promise<Case> {
      return (await cases.findOneAndUpdate({ city: CITY, no }, { $set: set, ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}), $inc: { version: 1 } } as never, { returnDocument: 'after' }))!;
    },
    /** A move that ends the case, not yet routed. */
    end: async (no: string): Promise<Case> =>
      (await cases.findOneAndUpdate({ city: CITY, no }, { $set: { state: 'done' }, $unset: { task: '' }, $inc: { version: 1 } }, { returnDocument: 'after' }))!,
    /** Empties the queues and the database between tests. */
    async clear(): Promise<void> {
      await cases.deleteMany({});
      await flush();
      office.now = START;
      office.told.length = 0;
    },
    flush,
  });
}

export type Office = Awaited<ReturnType<typeof reviewOffice>>;

/** Every open task in exactly one place, and with the person MongoDB says. */
export async function expectSound(office: Office): Promise<void> {
  const check = await office.review.check();
  expect(check).toEqual({ openTasks: check.openTasks, queued: check.openTasks, missing: [], doubled: [], stray: [], misheld: [] });
}
