import { keyRing } from '../../../src/vault/crypto';
import { checkKeys, retireKey } from '../../../src/vault/check';
import { rotate } from '../../../src/vault/rotation';
import { createVault, OPEN_FOR_MS, APPROVE_WITHIN_MS, ORPHAN_AFTER_MS, type Vault } from '../../../src/vault/vault';
import { testDatabase, type TestDatabase } from '../../support/engines';

const K1 = Buffer.alloc(32, 1).toString('base64');
const K2 = Buffer.alloc(32, 2).toString('base64');
const keys = keyRing({ current: 'k1', keys: { k1: K1 } });
const reporter = { name: '欧阳金丝雀', idNumber: '410799199001011234', phone: '13800138000', person: 'person-42' };
const CANARIES = ['欧阳金丝雀', '410799199001011234', '13800138000', 'person-42'];

let db: TestDatabase;
let now = new Date('2026-03-02T01:00:00Z');
const later = (ms: number) => { now = new Date(now.getTime() + ms); };
const handlers: Record<string, string[]> = {};
const isMember = async (person: string, caseNo: string) => handlers[caseNo]?.includes(person) ?? false;
const vaultOf = (city: string, ring = keys): Vault => createVault({ connection: db.connection, keys: ring, clock: () => now, city, isMember, maySecond: isMember });
let vault: Vault;
let next = 0;

/** A sealed report with two handlers, 'li' and 'wang'. */
async function aReport(more: Partial<typeof reporter> = {}) {
  const caseNo = `JB-${next += 1}`;
  handlers[caseNo] = ['li', 'wang'];
  return { caseNo, ...(await vault.seal({ ...reporter, ...more, caseNo })) };
}
const reason = '需电话核实所举报合同的签订经过';
const code = (expected: string) => expect.objectContaining({ code: expected });

/** Every byte of the database, as one text. */
async function dump(except: string[] = []): Promise<string> {
  const names = (await db.connection.db!.listCollections().toArray()).map(({ name }) => name).filter((name) => !except.includes(name));
  return JSON.stringify(await Promise.all(names.map((name) => db.connection.db!.collection(name).find().toArray())));
}

beforeAll(async () => {
  db = await testDatabase();
  vault = vaultOf('xinxiang');
  await vault.prepare();
});
afterAll(() => db.close());

describe('第十八条: the identity lies apart from the case', () => {
  it('gives a pseudonym and an id, and stores nothing readable (D9)', async () => {
    const { id, pseudonym } = await aReport();
    expect(pseudonym).toMatch(/^举报人-[2-9A-Z]{4}$/);
    expect(id).toMatch(/^[\w-]{22}$/);
    const bytes = await dump();
    for (const canary of CANARIES) {
      expect(bytes).not.toContain(canary);
      expect(bytes).not.toContain(Buffer.from(canary).toString('base64').replace(/=+$/, ''));
      expect(bytes).not.toContain(Buffer.from(canary).toString('hex'));
    }
  });

  it('seals one case once, also when called a hundred times at the same moment', async () => {
    const caseNo = 'JB-race';
    const answers = await Promise.all(Array.from({ length: 100 }, () => vault.seal({ ...reporter, caseNo })));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(new Set(answers.map(({ pseudonym }) => pseudonym)).size).toBe(1);
    expect(await db.connection.collection('identities').countDocuments({ caseNo })).toBe(1);
    const { id } = answers[0]!;
    expect(await db.connection.collection('identityKeys').countDocuments({ _id: id as never })).toBe(1);
  });

  it('D11: tells whether a declared number is the sealed one, and counts serial reports without naming them', async () => {
    const idNumber = '41079919800101001X';
    const first = await aReport({ idNumber });
    const second = await aReport({ idNumber: '41079919800101001x' });
    expect(await vault.matches(first.caseNo, '４１０７９９１９８００１０１００１Ｘ')).toBe(true);
    expect(await vault.matches(first.caseNo, '410799198001010028')).toBe(false);
    expect(await vault.matches('JB-none', idNumber)).toBe(false);
    expect(await vault.earlierBy(idNumber)).toBe(2);
    expect(await vault.othersBySameReporter(second.caseNo)).toBe(1);
    expect(await vaultOf('anyang').earlierBy(idNumber)).toBe(0);
  });
});

describe('D4: opening needs membership, a reason and a second person, and the reporter sees it', () => {
  it('opens for the one who asked, once another handler agreed, and shows every step to the reporter', async () => {
    const { id, caseNo } = await aReport({ person: 'person-seen' });
    const { openingId } = await vault.requestOpening({ id, caseNo, by: 'li', reason });
    await vault.approveOpening({ openingId, by: 'wang' });
    expect(await vault.open({ openingId, by: 'li' })).toEqual({ name: '欧阳金丝雀', idNumber: '410799199001011234', phone: '13800138000' });
    await vault.open({ openingId, by: 'li' });
    const seen = await vault.openingsFor('person-seen');
    expect(seen.map(({ step, by }) => [step, by])).toEqual([['requested', 'li'], ['approved', 'wang'], ['opened', 'li'], ['opened', 'li']]);
    expect(seen[0]).toMatchObject({ caseNo, reason });
    expect(await vault.openingsFor('somebody-else')).toEqual([]);
  });

  it('refuses the approval of the one who asked', async () => {
    const { id, caseNo } = await aReport();
    const { openingId } = await vault.requestOpening({ id, caseNo, by: 'li', reason });
    await expect(vault.approveOpening({ openingId, by: 'li' })).rejects.toEqual(code('NEEDS_SECOND_PERSON'));
    await expect(vault.open({ openingId, by: 'li' })).rejects.toEqual(code('OPENING_CLOSED'));
  });

  it('answers a stranger to the case as if there were nothing, at each step', async () => {
    const { id, caseNo } = await aReport();
    const other = await aReport();
    await expect(vault.requestOpening({ id, caseNo, by: 'admin', reason })).rejects.toEqual(code('NOT_FOUND'));
    await expect(vault.requestOpening({ id: other.id, caseNo, by: 'li', reason })).rejects.toEqual(code('NOT_FOUND'));
    const { openingId } = await vault.requestOpening({ id, caseNo, by: 'li', reason });
    await expect(vault.approveOpening({ openingId, by: 'admin' })).rejects.toEqual(code('NOT_FOUND'));
    await vault.approveOpening({ openingId, by: 'wang' });
    await expect(vault.open({ openingId, by: 'admin' })).rejects.toEqual(code('NOT_FOUND'));
    await expect(vault.open({ openingId: 'no-such-opening', by: 'li' })).rejects.toEqual(code('NOT_FOUND'));
    await expect(vault.open({ openingId, by: 'wang' })).rejects.toEqual(code('FORBIDDEN'));
    handlers[caseNo] = ['wang'];
    await expect(vault.open({ openingId, by: 'li' })).rejects.toEqual(code('NOT_FOUND'));
  });

  it.each([['none', ''], ['too short', '工作需要'], ['blank', ' '.repeat(50)], ['too long', '长'.repeat(301)]])('refuses a reason that is %s', async (_what, empty) => {
    const { id, caseNo } = await aReport();
    await expect(vault.requestOpening({ id, caseNo, by: 'li', reason: empty })).rejects.toMatchObject({ code: 'INVALID', faults: [{ field: 'reason' }] });
  });

  it('closes 15 minutes after the approval, and a request lapses after a day', async () => {
    const { id, caseNo } = await aReport();
    const { openingId } = await vault.requestOpening({ id, caseNo, by: 'li', reason });
    await vault.approveOpening({ openingId, by: 'wang' });
    later(OPEN_FOR_MS);
    await vault.open({ openingId, by: 'li' });
    later(1);
    await expect(vault.open({ openingId, by: 'li' })).rejects.toEqual(code('OPENING_CLOSED'));
    const late = await vault.requestOpening({ id, caseNo, by: 'li', reason });
    later(APPROVE_WITHIN_MS + 1);
    await expect(vault.approveOpening({ openingId: late.openingId, by: 'wang' })).rejects.toEqual(code('OPENING_CLOSED'));
  });

  it('takes one approval out of many at the same moment, so the window cannot be stretched', async () => {
    const { id, caseNo } = await aReport();
    const { openingId } = await vault.requestOpening({ id, caseNo, by: 'li', reason });
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => vault.approveOpening({ openingId, by: 'wang' })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    later(60_000);
    await expect(vault.approveOpening({ openingId, by: 'wang' })).rejects.toEqual(code('OPENING_CLOSED'));
  });

  it('shows nothing when the line of the log cannot be written (H4)', async () => {
    const { id, caseNo } = await aReport();
    const { openingId } = await vault.requestOpening({ id, caseNo, by: 'li', reason });
    await vault.approveOpening({ openingId, by: 'wang' });
    await vault.open({ openingId, by: 'li' });
    // A second line of this opening cannot be stored while this stands.
    const lines = db.connection.collection('openings');
    const blocked = await lines.createIndex({ caseNo: 1 }, { unique: true, partialFilterExpression: { caseNo, step: 'opened' } });
    await expect(vault.open({ openingId, by: 'li' })).rejects.toThrow(/duplicate key/);
    await lines.dropIndex(blocked);
    expect((await vault.open({ openingId, by: 'li' })).name).toBe('欧阳金丝雀');
  });
});

describe('H4: the opening log', () => {
  it('verifies, and names the first line altered, removed or cut off', async () => {
    const logged = vaultOf('log-city');
    handlers['L-1'] = ['li', 'wang'];
    const { id } = await logged.seal({ ...reporter, caseNo: 'L-1' });
    const { openingId } = await logged.requestOpening({ id, caseNo: 'L-1', by: 'li', reason });
    await logged.approveOpening({ openingId, by: 'wang' });
    await logged.open({ openingId, by: 'li' });
    const head = await logged.logHead();
    expect(head.seq).toBe(3);
    expect(await logged.verifyLog(head)).toBeNull();

    const lines = db.connection.collection('openings');
    await lines.updateOne({ city: 'log-city', seq: 1 }, { $set: { reason: '另一个理由另一个理由' } });
    expect(await logged.verifyLog()).toEqual({ seq: 1, reason: 'line' });
    await lines.updateOne({ city: 'log-city', seq: 1 }, { $set: { reason } });
    expect(await logged.verifyLog()).toBeNull();
    const last = await lines.findOneAndDelete({ city: 'log-city', seq: 3 });
    expect(await logged.verifyLog()).toBeNull();
    expect(await logged.verifyLog(head)).toEqual({ seq: 3, reason: 'truncated' });
    await lines.insertOne(last!);
    await lines.deleteOne({ city: 'log-city', seq: 2 });
    expect(await logged.verifyLog()).toEqual({ seq: 2, reason: 'sequence' });
  });
});

describe('identities of cases that never came to be', () => {
  it('are erased after a day, those of real cases stay', async () => {
    const orphaned = vaultOf('orphan-city');
    await orphaned.seal({ ...reporter, caseNo: 'O-real' });
    await orphaned.seal({ ...reporter, caseNo: 'O-never' });
    const exists = async (caseNo: string) => caseNo === 'O-real';
    expect(await orphaned.sweep(exists)).toBe(0);
    later(ORPHAN_AFTER_MS + 1);
    expect(await orphaned.sweep(exists)).toBe(1);
    expect(await orphaned.matches('O-real', reporter.idNumber)).toBe(true);
    expect(await orphaned.matches('O-never', reporter.idNumber)).toBe(false);
  });
});

describe('D9, D10: erasure', () => {
  it('leaves pseudonym and log, and a backup of everything but the keys opens no more', async () => {
    const { id, caseNo, pseudonym } = await aReport({ person: 'person-erased', idNumber: '410799197001010018' });
    const { openingId } = await vault.requestOpening({ id, caseNo, by: 'li', reason });
    await vault.approveOpening({ openingId, by: 'wang' });
    const backup = await db.connection.collection('identities').findOne({ caseNo });
    expect(await vault.erase(caseNo)).toBe(true);
    expect(await vault.erase(caseNo)).toBe(false);
    await expect(vault.open({ openingId, by: 'li' })).rejects.toEqual(code('NOT_FOUND'));
    expect(await vault.earlierBy('410799197001010018')).toBe(0);
    expect(await vault.seal({ ...reporter, caseNo })).toEqual({ id, pseudonym });
    await db.connection.collection('identities').replaceOne({ caseNo }, backup!);
    await expect(vault.open({ openingId, by: 'li' })).rejects.toEqual(code('NOT_FOUND'));
    expect(await vault.verifyLog()).toBeNull();
  });
});

describe('H5: rotation', () => {
  it('moves all sealed fields to the current key, can be repeated, and then the old key may go', async () => {
    const people = db.connection.collection('people');
    await people.insertOne({ id: 'p1', phone: keys.encrypt('13900139000', 'people.phone.p1'), nested: { name: keys.encrypt('张三', 'people.nested.name.p1') }, since: now });
    await people.insertOne({ id: 'p2', phone: keys.encrypt('13900139001', 'people.phone.wrong') });
    const { id, caseNo } = await aReport();
    await checkKeys(db.connection, keys);

    const both = keyRing({ current: 'k2', index: 'k1', keys: { k2: K2, k1: K1 } });
    await checkKeys(db.connection, both);
    const identityKeys = await db.connection.collection('identityKeys').countDocuments();
    const counts = await rotate(db.connection, both);
    expect(counts).toEqual([
      { collection: 'identityKeys', read: identityKeys, resealed: identityKeys, skipped: 0, failed: [] },
      { collection: 'files', read: 0, resealed: 0, skipped: 0, failed: [] },
      { collection: 'people', read: 2, resealed: 2, skipped: 0, failed: ['phone of p2'] },
      { collection: 'invitations', read: 0, resealed: 0, skipped: 0, failed: [] },
      { collection: 'pilotEntries', read: 0, resealed: 0, skipped: 0, failed: [] },
    ]);
    expect((await rotate(db.connection, both)).map(({ resealed }) => resealed)).toEqual([0, 0, 0, 0, 0]);

    const onlyNew = vaultOf('xinxiang', keyRing({ current: 'k2', keys: { k2: K2 } }));
    const { openingId } = await onlyNew.requestOpening({ id, caseNo, by: 'li', reason });
    await onlyNew.approveOpening({ openingId, by: 'wang' });
    expect((await onlyNew.open({ openingId, by: 'li' })).name).toBe('欧阳金丝雀');
    const p1 = await people.findOne({ id: 'p1' });
    expect(both.decrypt(p1!.phone, 'people.phone.p1')).toBe('13900139000');
    expect(both.decrypt(p1!.nested.name, 'people.nested.name.p1')).toBe('张三');
  });

  it('refuses to start with a wrong, missing or moved key', async () => {
    await expect(checkKeys(db.connection, keyRing({ current: 'k1', keys: { k1: K2 } }))).rejects.toThrow(/k1|k2/);
    await expect(checkKeys(db.connection, keyRing({ current: 'k2', keys: { k2: K2 } }))).rejects.toThrow(/"k1" is missing/);
    await expect(checkKeys(db.connection, keyRing({ current: 'k2', index: 'k2', keys: { k1: K1, k2: K2 } }))).rejects.toThrow(/"index" is not/);
    await expect(checkKeys(db.connection, keyRing({ current: 'k2', index: 'k1', keys: { k1: K1, k2: K2 } }))).resolves.toBeUndefined();
    await retireKey(db.connection, 'k2');
    await expect(checkKeys(db.connection, keys)).resolves.toBeUndefined();
  });
});
