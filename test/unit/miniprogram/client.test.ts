import { createClient, Problem, Unreachable, type Answer, type Call } from '../../../miniprogram/services/client';
import type { Tokens } from '../../../miniprogram/services/types';

const ok = (data: unknown = {}): Answer => ({ status: 200, data });
const refused = (status: number, code: string, errors: { field: string; message: string }[] = []): Answer => ({ status, data: { code, detail: `${code}!`, errors } });
const NO_ANSWER = 'no answer';

/** A phone whose network answers by this script; with what it sent, what it kept and how long it waited. */
function aPhone(
  script: (call: Call, nth: number) => Answer | typeof NO_ANSWER | Promise<Answer>, kept: Tokens | null = { access: 'A0', refresh: 'R0' },
  signIn: () => Promise<Tokens | null> = async () => null,
) {
  const sent: Call[] = [];
  const waits: number[] = [];
  let tokens = kept;
  let signIns = 0;
  const client = createClient({
    transport: {
      async send(call) {
        sent.push(call);
        const answer = await script(call, sent.length);
        if (answer === NO_ANSWER) throw new Error('request:fail');
        return answer;
      },
      upload: async ({ path, header }) => (await script({ method: 'POST', path, header }, 0)) as Answer,
    },
    tokens: { load: () => tokens, save: (next) => { tokens = next; } },
    signIn: async () => { signIns += 1; return await signIn() ?? { access: `S${signIns}`, refresh: 'RS' }; },
    wait: async (ms) => { waits.push(ms); },
    newKey: () => `key-${sent.length}-new`,
  });
  return { client, sent, waits, tokens: () => tokens, signIns: () => signIns };
}

const isRefresh = ({ path }: Call): boolean => path === '/api/v1/session/refresh';

describe('a call of the mini-program', () => {
  it('signs in silently when the phone knows no session', async () => {
    const phone = aPhone(() => ok({ hello: 1 }), null);
    await expect(phone.client.get('/api/v1/me')).resolves.toEqual({ hello: 1 });
    expect(phone.signIns()).toBe(1);
    expect(phone.sent[0]!.header).toEqual({ authorization: 'Bearer S1' });
  });

  it('renews an expired session once for all calls that find it so, since a refresh token is good once', async () => {
    const phone = aPhone((call) => {
      if (isRefresh(call)) return new Promise((resolve) => { setTimeout(() => resolve(ok({ access: 'A1', refresh: 'R1' })), 5); });
      return call.header['authorization'] === 'Bearer A1' ? ok(call.path) : refused(401, 'EXPIRED');
    });
    await expect(Promise.all(['/a', '/b', '/c'].map((path) => phone.client.get(path)))).resolves.toEqual(['/a', '/b', '/c']);
    expect(phone.sent.filter(isRefresh)).toHaveLength(1);
    expect(phone.tokens()).toEqual({ access: 'A1', refresh: 'R1' });
    expect(phone.signIns()).toBe(0);
  });

  it('does not exchange the new refresh token when a late answer still speaks of the old session', async () => {
    let answerLate: (answer: Answer) => void = () => undefined;
    const phone = aPhone((call) => {
      if (isRefresh(call)) return ok({ access: 'A1', refresh: 'R1' });
      if (call.header['authorization'] === 'Bearer A1') return ok(call.path);
      return call.path === '/late' ? new Promise((resolve) => { answerLate = resolve; }) : refused(401, 'EXPIRED');
    });
    const late = phone.client.get('/late');
    await phone.client.get('/early');
    answerLate(refused(401, 'EXPIRED'));
    await expect(late).resolves.toBe('/late');
    expect(phone.sent.filter(isRefresh)).toHaveLength(1);
  });

  it('signs in anew when the session has ended for good, and asks again', async () => {
    const phone = aPhone((call) => (isRefresh(call) || call.header['authorization'] === 'Bearer A0' ? refused(401, 'UNAUTHENTICATED') : ok('there')));
    await expect(phone.client.get('/x')).resolves.toBe('there');
    expect(phone.signIns()).toBe(1);
  });

  it('says so when nobody can be signed in, and signs in at the next try', async () => {
    let isDown = true;
    const phone = aPhone((call) => (isRefresh(call) ? refused(401, 'UNAUTHENTICATED') : call.header['authorization'] === 'Bearer A0' ? refused(401, 'EXPIRED') : ok('there')),
      undefined, async () => { if (isDown) throw new Error('login:fail'); return null; });
    await expect(phone.client.post('/x', {}, 'key-1')).rejects.toMatchObject({ code: 'NOT_SIGNED_IN', detail: expect.stringContaining('保留') });
    isDown = false;
    await expect(phone.client.post('/x', {}, 'key-1')).resolves.toBe('there');
  });

  it('reads what is public without signing anybody in', async () => {
    const stranger = aPhone(() => ok(1), null);
    await expect(stranger.client.look('/api/v1/providers')).resolves.toBe(1);
    expect([stranger.signIns(), stranger.sent[0]!.header]).toEqual([0, {}]);
    const known = aPhone(() => ok(1));
    await known.client.look('/api/v1/providers');
    expect(known.sent[0]!.header).toEqual({ authorization: 'Bearer A0' });
  });

  it('does not ask for ever: a session refused twice is a problem', async () => {
    const phone = aPhone((call) => (isRefresh(call) ? ok({ access: 'A1', refresh: 'R1' }) : refused(401, 'UNAUTHENTICATED')));
    await expect(phone.client.get('/x')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(phone.sent.filter((call) => !isRefresh(call))).toHaveLength(2);
  });

  it('sends a write again after a lost network under the same key, so that it happens once', async () => {
    const phone = aPhone((_call, nth) => (nth < 3 ? NO_ANSWER : ok({ receipt: 1 })));
    await expect(phone.client.post('/api/v1/report', { text: 'x' })).resolves.toEqual({ receipt: 1 });
    expect(phone.waits).toEqual([400, 1200]);
    expect(new Set(phone.sent.map((call) => call.header['idempotency-key'])).size).toBe(1);
    expect(phone.sent).toHaveLength(3);
  });

  it('says that nobody answered when the network stays away, and keeps the session', async () => {
    const phone = aPhone(() => NO_ANSWER);
    await expect(phone.client.post('/x')).rejects.toBeInstanceOf(Unreachable);
    expect(phone.sent).toHaveLength(3);
    expect(phone.tokens()).toEqual({ access: 'A0', refresh: 'R0' });
  });

  it('keeps the session when the network is lost in the middle of renewing it', async () => {
    const phone = aPhone((call) => (isRefresh(call) ? NO_ANSWER : refused(401, 'EXPIRED')));
    await expect(phone.client.get('/x')).rejects.toBeInstanceOf(Unreachable);
    expect(phone.tokens()).toEqual({ access: 'A0', refresh: 'R0' });
    expect(phone.signIns()).toBe(0);
  });

  it('tells what the server refused: code, sentence and every wrong field', async () => {
    const errors = [{ field: 'text', message: '举报内容至少 20 个字' }];
    const phone = aPhone(() => refused(422, 'INVALID', errors));
    await expect(phone.client.post('/x')).rejects.toEqual(new Problem(422, 'INVALID', 'INVALID!', errors));
    expect(phone.sent).toHaveLength(1);
  });

  it('waits out a server that is away, but takes its own refusals as said', async () => {
    const phone = aPhone((_call, nth) => (nth === 1 ? { status: 502, data: 'bad gateway' } : ok('back')));
    await expect(phone.client.get('/x')).resolves.toBe('back');
    const busy = aPhone(() => refused(429, 'TOO_MANY'));
    await expect(busy.client.get('/x')).rejects.toMatchObject({ code: 'TOO_MANY' });
    expect(busy.sent).toHaveLength(1);
  });
});
