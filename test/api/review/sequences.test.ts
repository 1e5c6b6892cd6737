import { array, assert, asyncProperty, constantFrom, nat, record, type Arbitrary } from 'fast-check';
import { aReviewer, actorOf, expectSound, reviewOffice, supervisor, type Office } from './support';
import { Refusal } from '../../../src/kernel/refusal';
import type { Case } from '../../../src/kernel/case';

const people = ['anna', 'bo', 'chen'].map((person) => aReviewer(person, { desks: ['intake', 'report'], capacity: 2 }));

let office: Office;
beforeAll(async () => { office = await reviewOffice(people); });
afterAll(() => office.close());

type Step = { does: 'file' | 'claim' | 'next' | 'return' | 'recuse' | 'act' | 'end' | 'late' | 'reassign' | 'wait' | 'flush' | 'leave' | 'rebuild' | 'half'; which: number; who: number };
const steps = array(record({
  does: constantFrom('file', 'file', 'claim', 'next', 'next', 'return', 'recuse', 'act', 'act', 'end', 'late', 'reassign', 'wait', 'flush', 'leave', 'rebuild', 'half' as const),
  which: nat(7), who: nat(2),
}), { minLength: 5, maxLength: 25 }) as Arbitrary<Step[]>;

/** Refusals are answers; anything else is a fault. */
const tolerate = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
};

it('no sequence of filing, claiming, acting, returning, waiting, losing Redis and crashing leaves a task with two people, in two places or in none', async () => {
  await assert(asyncProperty(steps, async (sequence) => {
    await office.clear();
    office.reviewers = people;
    const readings: Case[] = [];
    const nos: string[] = [];
    let minutes = 0;
    for (const { does, which, who } of sequence) {
      const no = nos[which % Math.max(1, nos.length)] ?? '';
      const actor = actorOf(people[who]!);
      const c = await office.cases.findOne({ no });
      switch (does) {
        case 'file': nos.push((await office.file()).no); break;
        case 'claim': await tolerate(office.review.claim(actor, no)); break;
        case 'next': await tolerate(Promise.all([office.review.claimNext(actor), office.review.claimNext(actorOf(people[(who + 1) % 3]!))])); break;
        case 'return': await tolerate(office.review.giveBack(actor, no, 'other')); break;
        case 'recuse': await tolerate(office.review.giveBack(actor, no, 'conflict')); break;
        case 'act': { // a holder's move to the next round; the event may be lost until the sweep
          if (!c?.task?.assignee) break;
          readings.push(c);
          const { assignee: _, claimedAt: __, why: ___, ...task } = c.task;
          const after = await office.move(no, { state: 'taken', task: { ...task, desk: 'report', seq: task.seq + 1 } });
          await office.review.route(after, after.task!.seq);
          break;
        }
        case 'end': if (c?.task) { readings.push(c); await office.review.route(await office.end(no), 9); } break;
        case 'late': if (readings.length > 0) await office.review.route(readings[which % readings.length]!, 1); break;
        case 'reassign': await tolerate(office.review.reassign(supervisor, no, people[who]!.person, '另有任务')); break;
        case 'wait': minutes += 12; office.at(minutes); await office.review.sweep(); break;
        case 'flush': await office.flush(); await office.review.heal(); break;
        case 'leave': office.reviewers = people.filter((_one, i) => i !== who); await office.review.sweep(); break;
        case 'rebuild': office.reviewers = people; await office.review.rebuild(); break;
        case 'half': // the process dies between the write of a claim and telling Redis
          if (c?.task && !c.task.assignee) { await office.move(no, { 'task.assignee': actor.person, 'task.claimedAt': office.now }); await office.review.rebuild(); }
      }
      await expectSound(office);
      // The holder in Redis is the holder on the case, and every queue shows a task to one person at most.
      const shown = (await Promise.all(people.map(async (one) => {
        const view = await office.review.queue(actorOf(one), { limit: 100 });
        return [...view.mine, ...view.offered].map((line) => line.no);
      }))).flat();
      expect(new Set(shown).size).toBe(shown.length);
    }
  }), {
    numRuns: 25,
    // Found once by chance: a reading older than the end of its task, told after Redis had been flushed.
    examples: [[[{ does: 'file', which: 0, who: 0 }, { does: 'end', which: 0, who: 0 }, { does: 'flush', which: 0, who: 0 }, { does: 'file', which: 0, who: 0 }, { does: 'late', which: 0, who: 0 }]]],
  });
}, 60_000);
