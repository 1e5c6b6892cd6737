import fc from 'fast-check';
import { makeActor, personTag, SYSTEM, type Actor } from '../../../src/kernel/actor';
import { accessOf, receiptOf } from '../../../src/kernel/act';
import { WORKS, type Case } from '../../../src/kernel/case';
import { firstBreak } from '../../../src/kernel/chain';
import { anyOf, handler, holds, mayRead, opener, party, readableBy, staff, system, where, type Policy } from '../../../src/kernel/policy';
import { Refusal } from '../../../src/kernel/refusal';
import type { Procedure } from '../../../src/kernel/procedure';
import { PROCEDURES } from '../../../src/procedures';
import { castOf, inputFor } from '../../support/given';
import { anEnterprise, aProvider, testKernel, type TestKernel } from '../../support/kernel';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 12);
const procedures = [...PROCEDURES.values()];
const CAST = procedures.flatMap((p) => castOf(p).map(({ actor }) => actor));

let t: TestKernel;
beforeAll(async () => {
  t = await testKernel(procedures, {
    organisations: [anEnterprise('enterprise-1'), anEnterprise('enterprise-2'), aProvider('provider-1'), aProvider('provider-2')],
    experts: Array.from({ length: 5 }, (_, i) => ({ person: `expert-${i}`, login: `expert-${i}`, sectors: [], conflicts: [] })),
  });
});
afterAll(() => t.close());

describe('policies: the predicate for one case and the filter for MongoDB say the same', () => {
  const persons = ['p0', 'p1', 'p2', 'p3'];
  const tags = [...persons.map(personTag), 'org:o1', 'org:o2', 'role:director', 'role:reviewer', 'desk:plan', 'desk:plan@410702', 'desk:county'];
  const moves = ['find', 'decide', 'file'];

  const actors: fc.Arbitrary<Actor> = fc.record({
    person: fc.constantFrom(...persons), kind: fc.constantFrom('wechat', 'staff'),
    roles: fc.subarray(['enterprise', 'provider', 'citizen', 'director', 'reviewer'] as const, { maxLength: 2 }), org: fc.option(fc.constantFrom('o1', 'o2'), { nil: undefined }),
    powers: fc.subarray(['view', 'handle', 'confirm'] as const), desks: fc.subarray(['plan', 'county']), regions: fc.subarray(['410702']), session: fc.constant('s'),
  }).map((actor) => makeActor(actor as Omit<Actor, 'tags'>));
  const anybody = fc.oneof({ weight: 9, arbitrary: actors }, { weight: 1, arbitrary: fc.constant(SYSTEM) });

  const policies: fc.Arbitrary<Policy> = fc.letrec<{ policy: Policy }>((tie) => ({
    policy: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      fc.tuple(fc.constantFrom('enterprise', 'provider', 'expert'), fc.constantFrom('view', 'handle', 'confirm')).map(([name, power]) => party(name, power)),
      fc.tuple(fc.constantFrom('enterprise', 'citizen', 'director'), fc.option(fc.constantFrom('handle', 'confirm'), { nil: undefined })).map(([role, power]) => opener(role, power)),
      fc.subarray(moves).map((notWhoDid) => handler({ notWhoDid })),
      fc.tuple(fc.constantFrom('director', 'reviewer'), fc.subarray(moves)).map(([role, notWhoDid]) => staff(role, { notWhoDid })),
      fc.constant(system()),
      fc.array(tie('policy'), { minLength: 1, maxLength: 3 }).map((of) => anyOf(...of)),
    ),
  })).policy;

  const someTags = fc.subarray(tags, { maxLength: 4 });
  const cases = fc.record({
    parties: fc.dictionary(fc.constantFrom('enterprise', 'provider', 'expert'), someTags, { maxKeys: 3 }), access: someTags, barred: fc.subarray(persons.map(personTag), { maxLength: 2 }),
    task: fc.option(fc.record({ desk: fc.constant('plan'), assignee: fc.constantFrom(...persons) }), { nil: undefined }),
    timeline: fc.array(fc.record({ move: fc.constantFrom(...moves), by: fc.record({ person: fc.constantFrom(...persons) }) }), { maxLength: 4 }),
  });

  it('for any case, actor and policy, also those of every procedure', async () => {
    const declared = procedures.flatMap((p) => Object.values(p.moves).map((move) => move.by));
    const scratch = t.connection.collection<any>('scratch'); // any: half a case is enough here
    await fc.assert(fc.asyncProperty(fc.array(cases, { minLength: 30, maxLength: 60 }), fc.array(anybody, { minLength: 6, maxLength: 10 }), fc.array(policies, { minLength: 6, maxLength: 10 }),
      fc.subarray(declared, { minLength: 4, maxLength: 8 }), async (subjects, people, made, taken) => {
        await scratch.deleteMany({});
        await scratch.insertMany(subjects.map(({ task, ...c }, i) => ({ ...c, no: `n${i}`, ...(task ? { task } : {}) })));
        const found = async (filter: object): Promise<string[]> => (await scratch.find(filter, { projection: { no: 1 } }).toArray()).map(({ no }) => no).sort();
        const which = (holdsFor: (c: any) => boolean): string[] => subjects.flatMap((c, i) => (holdsFor(c) ? [`n${i}`] : [])).sort();
        for (const actor of people) {
          expect(await found(readableBy(actor))).toEqual(which((c) => mayRead(actor, c)));
          for (const policy of [...made, ...taken]) expect([policy, await found(where(policy, actor))]).toEqual([policy, which((c) => holds(policy, actor, c))]);
        }
      }), { numRuns: RUNS });
  }, 120_000);
});

describe('any sequence of moves by anybody keeps the case whole', () => {
  const step = fc.record({ who: fc.nat(), what: fc.nat(), spoil: fc.nat(9), days: fc.nat(40), again: fc.boolean() });

  /** What must be true of every case at every moment. */
  function checkWhole(c: Case<any>): void {
    const p = PROCEDURES.get(c.procedure)!;
    const def = p.states[c.state]!;
    expect(firstBreak(c)).toBeNull();
    expect(c.version).toBeGreaterThanOrEqual(c.timeline.length);
    expect(c.task?.desk).toBe(def.desk);
    expect(Boolean(c.clock)).toBe(Boolean(def.within));
    expect(Boolean(c.closedAt)).toBe(Boolean(def.end));
    if (c.clock) expect(c.clock.then).toBe(def.then);
    const declared = accessOf(p, c);
    expect(c.access).toEqual(expect.arrayContaining(declared));
    // A claim lets its reviewer read at once; beyond that the declaration alone decides.
    for (const tag of c.access.filter((one) => !declared.includes(one))) expect(c.handlers.map(personTag)).toContain(tag);
    for (const { work, seq } of c.outbox) {
      expect(WORKS).toContain(work);
      expect(seq).toBeLessThanOrEqual(c.timeline.length);
    }
    for (const [index, entry] of c.timeline.entries()) {
      const move = p.moves[entry.move]!;
      expect(entry.from === null ? move.from.length : Number(move.from.includes(entry.from))).toBe(entry.from === null ? 0 : 1);
      expect(move.to.includes(entry.to) || (move.stays && entry.to === entry.from)).toBe(true);
      expect(entry.from).toBe(c.timeline[index - 1]?.to ?? null);
    }
  }

  const everything = async (): Promise<Case<any>[]> => (await t.cases.find({}).sort({ no: 1 }).toArray()).map(({ _id, ...c }) => c as Case<any>);

  /** Each piece of pending work is done, and done again as after a crash before it was struck off: the second time changes nothing. */
  async function workTwice(): Promise<void> {
    for (let round = 0; round < 12; round += 1) {
      const pending = (await everything()).flatMap((c) => c.outbox.map((item) => ({ c, item })));
      if (pending.length === 0) return;
      for (const { c, item } of pending) {
        await t.work.doWork(item.work, { no: c.no, seq: item.seq });
        const once = await everything();
        await t.work.doWork(item.work, { no: c.no, seq: item.seq });
        // What a crash leaves: done, yet still listed.
        await t.cases.updateOne({ no: c.no }, { $push: { outbox: item } } as never);
        await t.work.doWork(item.work, { no: c.no, seq: item.seq });
        expect(await everything()).toEqual(once);
      }
    }
    throw new Error('pending work does not come to an end');
  }

  it('chains, versions, desks, clocks, readers and pending work agree; repeats change nothing; each handler may run twice', async () => {
    const tally = { made: 0, refused: 0 };
    const openable: [Procedure, Actor][] = [];
    for (const p of procedures) {
      const opening = Object.values(p.moves).find((move) => move.from.length === 0)!;
      const founder = castOf(p).map(({ actor }) => actor).find((actor) => holds(opening.by, actor, { parties: {}, timeline: [], barred: [] }));
      if (founder && await t.kernel.open(founder, p.name, opening.name, inputFor(p, opening), { key: 'can-it-be' }).catch(refusalOnly)) openable.push([p, founder]);
    }
    expect(openable.length).toBeGreaterThan(3);
    await fc.assert(fc.asyncProperty(fc.constantFrom(...openable), fc.array(step, { minLength: 10, maxLength: 25 }), fc.nat(), async ([p, founder], steps, salt) => {
      await t.cases.deleteMany({});
      const opening = Object.values(p.moves).find((move) => move.from.length === 0)!;
      const request = { key: `open-${salt}` };
      const receipt = await t.kernel.open(founder, p.name, opening.name, inputFor(p, opening), request);
      expect(await t.kernel.open(founder, p.name, opening.name, inputFor(p, opening), request)).toEqual(receipt);

      for (const [index, { who, what, spoil, days, again }] of steps.entries()) {
        const all = await everything();
        const c = all[what % all.length]!;
        const its = PROCEDURES.get(c.procedure)!;
        if (c.task && !c.task.assignee) await t.claim(castOf(its).find(({ holdsTask }) => holdsTask)!.actor, c.no);
        const current = (await t.cases.findOne({ no: c.no }))!;
        // Mostly somebody who could, sometimes anybody at all; mostly a right form, sometimes a spoilt one.
        const possible = Object.values(its.moves).filter((move) => move.from.includes(c.state)).flatMap((move) => CAST.filter((actor) => holds(move.by, actor, current)).map((actor) => ({ move, actor })));
        const anyMoves = Object.values(its.moves);
        const { move, actor } = spoil > 1 && possible.length > 0 ? possible[who % possible.length]! : { move: anyMoves[what % anyMoves.length]!, actor: CAST[who % CAST.length]! };
        const input = { ...inputFor(its, move), ...(spoil === 5 ? { noSuchField: 1 } : {}), ...(spoil === 6 ? { [Object.keys(move.form.fields)[0] ?? 'x']: { $gt: '' } } : {}) };
        const key = `step-${salt}-${index}`;
        const done = await t.kernel.act(actor, c.no, move.name, input, { key }).catch(refusalOnly);
        const after = (await t.cases.findOne({ no: c.no }))!;
        if (done) {
          tally.made += 1;
          expect(after.timeline).toHaveLength(current.timeline.length + 1);
          expect(done).toEqual(receiptOf(after, after.timeline.at(-1)!));
          if (again && mayRead(actor, after)) expect(await t.kernel.act(actor, c.no, move.name, input, { key })).toEqual(done);
        } else {
          tally.refused += 1;
          expect(after).toEqual(current);
        }
        for (const one of await everything()) checkWhole(one);
        if (again) await workTwice();
        if (days > 35) await t.pass({ days: 10 });
      }
      await workTwice();
      for (const one of await everything()) checkWhole(one);
    }), { numRuns: RUNS });
    // A property that only ever met refusals would prove little.
    expect(tally.made).toBeGreaterThan(RUNS);
    expect(tally.refused).toBeGreaterThan(RUNS);
  }, 240_000);
});

function refusalOnly(error: unknown): null {
  if (error instanceof Refusal) return null;
  throw error;
}
