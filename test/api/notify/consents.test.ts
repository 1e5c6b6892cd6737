import { createConsents, type Consents } from '../../../src/notify/consents';
import type { PushMessage } from '../../../src/wechat/push';
import { testDatabase, type TestDatabase } from '../../support/engines';

let db: TestDatabase;
let now = new Date('2026-03-02T01:00:00Z');
let next = 0;
const later = (ms: number) => { now = new Date(now.getTime() + ms); };
/** Another process: own memory, same database. */
const ledger = (): Consents => createConsents({
  connection: db.connection, city: 'xinxiang', now: () => now,
  isLongTerm: (template) => ({ ONCE: false, LONG: true } as Record<string, boolean>)[template],
});
let consents: Consents;

const anOpenid = () => `o-${next += 1}`;
const line = (openid: string, template = 'ONCE'): Promise<any> => db.connection.collection('consents').findOne({ openid, template });
const tap = (openid: string, key: string, count = 1, template = 'ONCE') => consents.answered(openid, template, 'accept', { key: `client:${key}`, source: 'client', count, at: now }, 'person-1');
const push = (openid: string, key: string, answers: [template: string, answer: string][], cause: 'popup' | 'settings' = 'popup'): PushMessage & { kind: 'consents' } =>
  ({ kind: 'consents', key, openid, at: now, cause, answers: answers.map(([templateId, answer]) => ({ templateId, answer })) });

beforeAll(async () => {
  db = await testDatabase();
  consents = ledger();
  await consents.prepare();
});
afterAll(() => db.close());

describe('a tap counts once', () => {
  it.each([['client first', false], ['push first', true]])('told by client and by push (%s), each repeated', async (_, pushFirst) => {
    const openid = anOpenid();
    const told = [() => tap(openid, 'a'), () => consents.onPush(push(openid, 'b', [['ONCE', 'accept']]))];
    for (const tell of pushFirst ? told.toReversed() : told) { await tell(); await tell(); }
    expect(await line(openid)).toMatchObject({ granted: 1, balance: 1, spent: 0 });
  });

  it('however the reports of ten taps race in two processes', async () => {
    const openid = anOpenid();
    const other = ledger();
    const taps = Array.from({ length: 10 }, (_, i) => i);
    await Promise.all(taps.flatMap((i) => [
      tap(openid, `tap${i}`), tap(openid, `tap${i}`), other.onPush(push(openid, `push${i}`, [['ONCE', 'accept']])), consents.onPush(push(openid, `push${i}`, [['ONCE', 'accept']])),
    ]));
    expect(await line(openid)).toMatchObject({ granted: 10, balance: 10 });
  });

  it('but taps far apart are two, though each was told by one source only', async () => {
    const openid = anOpenid();
    await tap(openid, 'a');
    later(3_600_000);
    await consents.onPush(push(openid, 'b', [['ONCE', 'accept']]));
    expect(await line(openid)).toMatchObject({ granted: 2, balance: 2 });
  });

  it('a push with several templates counts each, a template that is not ours none', async () => {
    const openid = anOpenid();
    await consents.onPush(push(openid, 'a', [['ONCE', 'accept'], ['LONG', 'accept'], ['FOREIGN', 'accept']]));
    expect(await line(openid)).toMatchObject({ balance: 1 });
    expect(await line(openid, 'LONG')).toMatchObject({ longTerm: true, balance: 0 });
    expect(await line(openid, 'FOREIGN')).toBeNull();
  });
});

describe('taking', () => {
  it('100 senders race for 7 consents: 7 get one', async () => {
    const openid = anOpenid();
    await tap(openid, 'a', 7);
    const other = ledger();
    const taken = await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 ? other : consents).take(openid, 'ONCE')));
    expect(taken.filter((one) => one === 'once')).toHaveLength(7);
    expect(await line(openid)).toMatchObject({ balance: 0, spent: 7, granted: 7 });
  });

  it('a long-term consent is not used up, and ends with WeChat\'s refusal', async () => {
    const openid = anOpenid();
    await tap(openid, 'a', 1, 'LONG');
    expect([await consents.take(openid, 'LONG'), await consents.take(openid, 'LONG')]).toEqual(['longTerm', 'longTerm']);
    await consents.giveBack(openid, 'LONG', 'longTerm');
    expect(await line(openid, 'LONG')).toMatchObject({ spent: 1, balance: 0 });
    await consents.revoke(openid, 'LONG');
    expect(await consents.take(openid, 'LONG')).toBeNull();
  });

  it('a refusal in the settings takes back what there was; a refused sheet does not', async () => {
    const openid = anOpenid();
    await tap(openid, 'a', 3);
    await consents.onPush(push(openid, 'b', [['ONCE', 'reject']]));
    expect(await line(openid)).toMatchObject({ balance: 3, refusedAt: now });
    await consents.onPush(push(openid, 'c', [['ONCE', 'reject']], 'settings'));
    expect(await consents.take(openid, 'ONCE')).toBeNull();
  });
});
