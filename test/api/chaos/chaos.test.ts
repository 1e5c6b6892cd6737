import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { FAULTS, type FaultKind } from '../../../scripts/chaos/evidence';
import { runChaos, type Chaos } from '../../../scripts/chaos/run';

const SMALL_TOWN = { enterprises: 4, providers: 2, citizens: 3, intake: 1, reviewers: 3, directors: 1, experts: 5, agencies: 1 };
const OPERATIONS = 60;

describe('15.2, 18: the main job under load while its parts are killed', () => {
  let dir: string;
  let chaos: Chaos;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'szt-chaos-test-'));
    chaos = await runChaos({ operations: OPERATIONS, seed: 4, dir, population: SMALL_TOWN, every: 8, frozen: false });
  }, 180_000);
  afterAll(async () => {
    await chaos?.close();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  it('nothing is lost, doubled, misplaced or left undone', () => {
    expect(chaos.result.acknowledged).toBeGreaterThanOrEqual(OPERATIONS);
    expect(Object.values(chaos.result.strokes).reduce((sum, count) => sum + count)).toBeGreaterThan(2);
    expect(chaos.verdict.faults).toEqual(Object.fromEntries(FAULTS.map((kind) => [kind, []])));
  });

  // A judge who never finds anything proves nothing: each fault planted must be named.
  it('the judge finds a planted fault of each kind', async () => {
    const { connection, journal } = chaos;
    const cases = connection.collection('cases');
    const faultsNow = async (): Promise<Record<FaultKind, number>> =>
      Object.fromEntries(Object.entries((await chaos.again()).faults).map(([kind, list]) => [kind, list.length])) as Record<FaultKind, number>;
    const receipts = [...journal.attempts.values()].flatMap(({ receipt }) => receipt ?? []);
    // A case whose last line somebody holds a receipt for: what the product added afterwards by itself nobody was promised.
    const { _id, ...whole } = (await cases.findOne({ $expr: { $in: [{ $last: '$timeline.hash' }, receipts.map(({ head }) => head)] } }))!;
    const restore = () => cases.replaceOne({ _id }, whole);

    await cases.updateOne({ _id }, { $set: { 'timeline.0.note': 'edited' } });
    expect(await faultsNow()).toMatchObject({ brokenChains: 1, lost: 0 });
    await restore();

    await cases.updateOne({ _id }, { $pop: { timeline: 1 } } as never);
    expect((await faultsNow()).lost).toBeGreaterThan(0);
    await restore();

    await cases.updateOne({ _id }, { $push: { timeline: whole['timeline'].at(-1) } } as never);
    if (whole['timeline'].at(-1).key) expect((await faultsNow()).doubled).toBeGreaterThan(0);
    await restore();

    await cases.updateOne({ _id }, { $push: { outbox: { seq: 1, work: 'route', at: new Date() } } } as never);
    expect((await faultsNow()).pendingWork).toBe(1);
    await restore();

    const held = await cases.findOne({ 'task.desk': { $exists: true } });
    await cases.updateOne({ _id: held!._id }, { $unset: { task: '' } });
    expect((await faultsNow()).misqueued).toBeGreaterThan(0);
    await cases.replaceOne({ _id: held!._id }, held!);

    const running = await cases.findOne({ clock: { $exists: true } });
    await cases.updateOne({ _id: running!._id }, { $unset: { clock: '' } });
    expect((await faultsNow()).stuckClocks).toBe(1);
    await cases.replaceOne({ _id: running!._id }, running!);

    const inbox = connection.collection('inbox');
    const told = await inbox.find({}).toArray();
    expect(told.length).toBeGreaterThan(0);
    await inbox.deleteMany({});
    expect((await faultsNow()).missingEffects).toBeGreaterThan(0);
    await inbox.insertMany(told);
    expect(Object.values(await faultsNow()).every((count) => count === 0)).toBe(true);
  });
});
