import { firstBreak } from '../../../src/kernel/chain';
import { viewOf } from '../../../src/kernel/view';
import { toldOf, awaitedOf } from '../../../src/notify/audience';
import { rating } from '../../../src/procedures/rating/procedure';
import { Refusal } from '../../../src/kernel/refusal';
import { official, owner, providerStaff } from '../../support/kernel';
import { acceptor, anOpinion, boss, engineer, FILE, rival, rivalBoss, supervision, testProject, type TestProject } from '../../support/project';

let p: TestProject;
let t: TestProject['t'];
beforeEach(async () => { p = await testProject(); ({ t } = p); });
afterEach(() => t.close());

const refused = async (promise: Promise<unknown>): Promise<Refusal> => {
  const error = await promise.then(() => null, (thrown: unknown) => thrown);
  if (!(error instanceof Refusal)) throw error ?? new Error('was not refused');
  return error;
};
const code = async (promise: Promise<unknown>): Promise<string> => (await refused(promise)).code;
const rate = (no: string, overall?: string, more: object = {}, who = boss) => t.kernel.act(who, no, 'rate', anOpinion(overall, more));
const windowCloses = () => t.pass({ days: 20 });
const resultOf = async (ratingNo: string): Promise<string> => (await t.cases.findOne({ procedure: 'ratingResult', 'data.rating': ratingNo }))!.no;
const LEVELS = ['very_satisfied', 'satisfied', 'fair', 'dissatisfied'];
const objection = { matter: '不满意评价与事实不符', reasons: '延期由企业停产造成，双方有书面确认', purpose: '请求不计入评级', evidence: [FILE], truthful: true };

/** Everything the provider can obtain: its cases, what it may open, what it may not read, what it is told. */
async function obtainable(ratingNo: string, numbers: string[]) {
  const lists = await Promise.all([{}, { procedure: 'rating' }, { procedure: 'ratingResult' }, { waiting: 'me' as const }, ...numbers.map((linked) => ({ linked }))]
    .map((query) => t.kernel.list(engineer, query)));
  const reads = await Promise.all(numbers.map((no) => t.kernel.read(engineer, no)));
  const denied = await Promise.all([ratingNo, 'PJ20260302-ABCDEF'].map((no) => code(t.kernel.read(engineer, no))));
  return JSON.stringify([lists, reads, denied, t.kernel.openings(engineer)]);
}

async function objected(): Promise<{ ratingNo: string; resultNo: string }> {
  const { ratingNo } = await p.passed();
  await rate(ratingNo, 'dissatisfied');
  await windowCloses();
  const resultNo = await resultOf(ratingNo);
  await t.kernel.act(engineer, resultNo, 'object', objection);
  return { ratingNo, resultNo };
}

describe('14 rating: the whole way', () => {
  it('14: invited once the project passed, rated by the owner, counted when the window closes, told to the provider', async () => {
    const { ratingNo, contractNo } = await p.passed();
    expect((await p.caseOf(ratingNo)).waitsOn).toEqual(['org:enterprise-1']);
    await rate(ratingNo, 'satisfied', { comment: '培训很到位' });
    expect(await t.state(ratingNo)).toBe('open');
    await windowCloses();
    const c = await p.caseOf(ratingNo);
    expect(c.state).toBe('counted');
    expect(c.data.result).toEqual({ ...anOpinion('satisfied'), comment: '培训很到位' });
    expect(c.data).not.toHaveProperty('warningGround');
    expect(firstBreak(c)).toBeNull();
    const told = await t.kernel.read(engineer, await resultOf(ratingNo));
    expect(told).toMatchObject({ state: { name: 'told' }, data: { contract: contractNo, rated: true, overall: 'satisfied', items: anOpinion().items } });
  });

  it('14: not rated is never satisfied: it counts for nothing, and the provider learns that it was not rated', async () => {
    const { ratingNo } = await p.passed();
    await windowCloses();
    expect(await t.state(ratingNo)).toBe('notRated');
    expect(await p.dataOf(ratingNo)).not.toHaveProperty('result');
    const told = await t.kernel.read(engineer, await resultOf(ratingNo));
    expect(told).toMatchObject({ state: { name: 'told' }, data: { rated: false } });
    expect(told.data).not.toHaveProperty('overall');
  });

  it('14: one rating per contract, however often it is invited', async () => {
    const { contractNo, acceptanceNo } = await p.passed();
    expect(await code(t.kernel.open(p.system, 'rating', 'invite', { contract: contractNo, acceptance: acceptanceNo }))).toBe('CONFLICT');
    for (const who of [boss, engineer, acceptor]) expect(await code(t.kernel.open(who, 'rating', 'invite', { contract: contractNo, acceptance: acceptanceNo }))).toBe('FORBIDDEN');
  });

  it('14: may be changed until the window closes; every version is kept, only the last counts', async () => {
    const { ratingNo } = await p.passed();
    for (const overall of ['dissatisfied', 'very_satisfied', 'fair']) await rate(ratingNo, overall);
    await windowCloses();
    const d = await p.dataOf(ratingNo);
    expect(d.ballots.map(({ no, overall }: { no: number; overall: string }) => [no, overall])).toEqual([[1, 'dissatisfied'], [2, 'very_satisfied'], [3, 'fair']]);
    expect(d.result.overall).toBe('fair');
    expect(d).not.toHaveProperty('warningGround');
    expect(await code(rate(ratingNo, 'dissatisfied'))).toBe('ILLEGAL_MOVE');
  });

  it('E1: retries and repetitions add nothing', async () => {
    const { ratingNo } = await p.passed();
    await t.kernel.act(boss, ratingNo, 'rate', anOpinion('fair'), { key: 'k' });
    await t.kernel.act(boss, ratingNo, 'rate', anOpinion('fair'), { key: 'k' });
    await rate(ratingNo, 'fair');
    expect((await p.dataOf(ratingNo)).ballots).toHaveLength(1);
  });
});

describe('14 rating: a bad one is no harder', () => {
  it('E4: for every level the same one step, the same input, the same stored shape and the same way out', async () => {
    const seen: unknown[] = [];
    for (const overall of LEVELS) {
      const { ratingNo } = await p.passed();
      const offered = (await t.kernel.read(boss, ratingNo)).moves;
      const receipt = await t.kernel.act(boss, ratingNo, 'rate', { ...anOpinion(overall) });
      const c = await p.caseOf(ratingNo);
      const entry = c.timeline.at(-1)!;
      seen.push({
        offered, state: receipt.state, article: receipt.article, lines: c.timeline.length, note: entry.note, waits: c.waitsOn, outbox: c.outbox.map(({ seq, work }) => [seq, work]),
        ballots: c.data.ballots.map((ballot: object) => ({ ...ballot, overall: 'any', at: 'any' })),
        after: (await t.kernel.read(boss, ratingNo)).moves,
      });
    }
    for (const one of seen) expect(one).toEqual(seen[0]);
    expect(seen).toHaveLength(4);
  });

  it('E4: the form asks no more of one level than of another; the comment is optional', async () => {
    const form = rating.moves['rate']!.form;
    expect(form.describe().filter(({ required }) => required).map(({ name }) => name)).toEqual(['overall', 'items']);
    const worst = Object.fromEntries(Object.keys(anOpinion().items).map((key) => [key, 1]));
    for (const overall of LEVELS) expect(form.parse({ overall, items: worst })).toEqual({ overall, items: worst });
  });

  it('15.4: 不满意 after passed acceptance leaves a ground for a warning, with its article', async () => {
    const { ratingNo } = await p.passed();
    await rate(ratingNo, 'dissatisfied');
    expect(await p.dataOf(ratingNo)).not.toHaveProperty('warningGround');
    await windowCloses();
    expect(await p.dataOf(ratingNo)).toMatchObject({ warningGround: 'W4c', result: { overall: 'dissatisfied' } });
    expect(t.rulebook.codes.warning.W4c.article).toBe('15.4');
  });
});

describe('14 rating: sealed', () => {
  it('E3: until the window closes the provider obtains the same bytes whether and however it is rated', async () => {
    const { ratingNo, contractNo, acceptanceNo } = await p.passed();
    const before = await obtainable(ratingNo, [contractNo, acceptanceNo]);
    await rate(ratingNo, 'dissatisfied', { comment: '多次延期' });
    await rate(ratingNo, 'fair');
    await t.settle();
    expect(await obtainable(ratingNo, [contractNo, acceptanceNo])).toBe(before);
    expect(before).not.toContain(ratingNo);
    for (const move of ['rate', 'close', 'exclude']) expect(await code(t.kernel.act(engineer, ratingNo, move, anOpinion()))).toBe('NOT_FOUND');
  });

  it('14: given, it waits for the enterprise no more; to everybody else the same bytes as before', async () => {
    const { ratingNo } = await p.passed();
    const watchers = [supervision, official('head', ['director']), official('watcher', ['supervisor']), official('auditor', ['auditor'])];
    const seen = async () => JSON.stringify(await Promise.all(watchers.map(async (who) => [await t.kernel.read(who, ratingNo), await t.kernel.list(who, { procedure: 'rating' })])));
    const before = await seen();
    expect(await t.kernel.read(boss, ratingNo)).toMatchObject({ waitsForMe: true, waitsFor: '企业' });
    expect((await t.kernel.list(boss, { waiting: 'me' })).items.map(({ no }) => no)).toContain(ratingNo);

    await rate(ratingNo, 'dissatisfied');
    expect(await t.kernel.read(boss, ratingNo)).toMatchObject({ waitsForMe: false });
    expect((await t.kernel.list(boss, { waiting: 'me' })).items.map(({ no }) => no)).not.toContain(ratingNo);
    expect(await seen()).toBe(before);
    expect(before).toContain('"waitsFor":"企业"');
    // It may still be changed.
    await rate(ratingNo, 'fair');
  });

  it('E3: closed, the provider learns result and items; not signer, comment, rating number, nor whether it was changed', async () => {
    const told: string[] = [];
    for (const times of [1, 3]) {
      const { ratingNo } = await p.passed();
      for (let i = times; i > 0; i -= 1) await rate(ratingNo, i === 1 ? 'dissatisfied' : LEVELS[i - 1]!, { comment: `第${i}次说的话` });
      told.push(ratingNo);
    }
    await windowCloses();
    const views = await Promise.all(told.map(async (no) => t.kernel.read(engineer, await resultOf(no))));
    for (const [i, view] of views.entries()) {
      const bytes = JSON.stringify(view);
      for (const secret of [told[i]!, 'boss', '说的话', 'ballots']) expect(bytes).not.toContain(secret);
      expect(await code(t.kernel.read(engineer, told[i]!))).toBe('NOT_FOUND');
    }
    const shape = ({ version, timeline, state, moves }: (typeof views)[number]) => ({ version, seqs: timeline.map(({ seq, title }) => [seq, title]), state, moves });
    expect(shape(views[0]!)).toEqual(shape(views[1]!));
  });

  it('14: the bureau does not learn before the window closes either; afterwards the auditor sees every version', async () => {
    const { ratingNo } = await p.passed();
    const auditor = official('auditor', ['auditor']);
    await rate(ratingNo, 'dissatisfied', { comment: '多次延期' });
    for (const who of [acceptor, supervision, auditor, official('director', ['director'])]) {
      const view = await t.kernel.read(who, ratingNo);
      expect(JSON.stringify([view.data, view.timeline])).not.toMatch(/dissatisfied|不满意|多次延期|评价服务商/);
    }
    await windowCloses();
    expect((await t.kernel.read(auditor, ratingNo)).data).toMatchObject({ ballots: [{ no: 1 }], result: { overall: 'dissatisfied' } });
    expect((await t.kernel.read(supervision, ratingNo)).data).not.toHaveProperty('ballots');
  });

  it('E3: nobody of the provider is told of the rating', async () => {
    const { ratingNo } = await p.passed();
    await rate(ratingNo, 'dissatisfied');
    await windowCloses();
    const c = await p.caseOf(ratingNo);
    for (const entry of c.timeline) expect(toldOf(rating, c, entry, rating.moves[entry.move]!).map(({ tag }) => tag)).not.toContain('org:provider-1');
    expect(awaitedOf(rating, c)).toEqual([]);
    expect(viewOf(rating, c, engineer, t.now(), t.rulebook)).toBeNull();
  });
});

describe('14 rating: who rates', () => {
  it('C5: a member of the provider does not rate, though also the enterprise’s', async () => {
    const { ratingNo } = await p.passed();
    t.members.add('boss provider-1');
    expect(await code(rate(ratingNo, 'very_satisfied'))).toBe('FORBIDDEN');
    t.members.delete('boss provider-1');
    await rate(ratingNo, 'very_satisfied');
  });

  it('C5: who acted for the provider in the project does not rate it, member still or not', async () => {
    const { ratingNo } = await p.passed();
    expect(await code(rate(ratingNo, 'very_satisfied', {}, owner('engineer', 'enterprise-1')))).toBe('FORBIDDEN');
    expect((await p.dataOf(ratingNo)).ballots).toEqual([]);
  });

  it('14: only who may confirm for the enterprise rates; to others it does not exist', async () => {
    const { ratingNo } = await p.passed();
    expect(await code(rate(ratingNo, 'fair', {}, owner('clerk', 'enterprise-1', ['view', 'handle'])))).toBe('FORBIDDEN');
    for (const who of [rivalBoss, rival, engineer, providerStaff('colleague', 'provider-1')]) expect(await code(rate(ratingNo, 'fair', {}, who))).toBe('NOT_FOUND');
    for (const who of [acceptor, supervision]) expect(await code(rate(ratingNo, 'fair', {}, who))).toBe('FORBIDDEN');
  });

  it.each([
    ['an item missing', { items: { ...anOpinion().items, price: undefined } }, 'items.price'],
    ['an item of six', { items: { ...anOpinion().items, price: 6 } }, 'items.price'],
    ['an item of half', { items: { ...anOpinion().items, price: 2.5 } }, 'items.price'],
    ['an unknown level', { overall: 'excellent' }, 'overall'],
    ['a prototype key', { overall: '__proto__' }, 'overall'],
    ['an unknown field', { counted: true }, 'counted'],
  ])('14: %s is refused', async (_, more, field) => {
    const { ratingNo } = await p.passed();
    expect((await refused(rate(ratingNo, 'fair', more))).faults.map((fault) => fault.field)).toEqual([field]);
  });
});

describe('17.2 objection of the provider', () => {
  it('17.2: upheld by somebody else than those of the acceptance, the rating is excluded with its reason', async () => {
    const { ratingNo, resultNo } = await objected();
    await t.claim(acceptor, resultNo);
    expect(await code(t.kernel.act(acceptor, resultNo, 'uphold', { decision: '经核实，延期由企业停产造成' }))).toBe('FORBIDDEN');
    await t.claim(supervision, resultNo);
    await t.kernel.act(supervision, resultNo, 'uphold', { decision: '经核实，延期由企业停产造成' });
    await t.settle();
    expect(await t.state(resultNo)).toBe('upheld');
    expect(await t.state(ratingNo)).toBe('excluded');
    const d = await p.dataOf(ratingNo);
    expect(d).toMatchObject({ excluded: '经核实，延期由企业停产造成', result: { overall: 'dissatisfied' } });
    expect(d).not.toHaveProperty('warningGround');
    expect(await p.dataOf(resultNo)).not.toHaveProperty('warningGround');
    expect((await t.kernel.read(boss, ratingNo)).data).toMatchObject({ excluded: '经核实，延期由企业停产造成' });
  });

  it('17.2: refused, the rating counts and its ground stands', async () => {
    const { ratingNo, resultNo } = await objected();
    await t.claim(supervision, resultNo);
    await t.kernel.act(supervision, resultNo, 'refuse', { decision: '证据不足以证明延期由企业造成' });
    await t.settle();
    expect([await t.state(resultNo), await t.state(ratingNo)]).toEqual(['refused', 'counted']);
    expect((await p.dataOf(ratingNo)).warningGround).toBe('W4c');
  });

  it('17.2: only within the time allowed, only by who binds the provider, only with matter, reasons, purpose and evidence', async () => {
    const { ratingNo } = await p.passed();
    await rate(ratingNo, 'dissatisfied');
    await windowCloses();
    const resultNo = await resultOf(ratingNo);
    expect((await refused(t.kernel.act(engineer, resultNo, 'object', {}))).faults.map(({ field }) => field)).toEqual(['matter', 'reasons', 'purpose', 'evidence', 'truthful']);
    expect(await code(t.kernel.act(providerStaff('fitter', 'provider-1', ['view', 'handle']), resultNo, 'object', objection))).toBe('FORBIDDEN');
    for (const who of [boss, rival, rivalBoss]) expect(await code(t.kernel.act(who, resultNo, 'object', objection))).toBe('NOT_FOUND');
    await t.pass({ days: 20 });
    expect(await t.state(resultNo)).toBe('final');
    expect(await code(t.kernel.act(engineer, resultNo, 'object', objection))).toBe('ILLEGAL_MOVE');
    expect((await p.dataOf(ratingNo)).warningGround).toBe('W4c');
  });

  it('17.2: there is nothing to object to in any other result', async () => {
    const { ratingNo } = await p.passed();
    await rate(ratingNo, 'fair');
    await windowCloses();
    const resultNo = await resultOf(ratingNo);
    expect((await t.kernel.read(engineer, resultNo)).moves).toEqual([]);
    expect(await code(t.kernel.act(engineer, resultNo, 'object', objection))).toBe('ILLEGAL_MOVE');
  });

  it('17.2: withdrawn, the rating counts', async () => {
    const { ratingNo, resultNo } = await objected();
    await t.kernel.act(engineer, resultNo, 'withdraw', {});
    expect([await t.state(resultNo), await t.state(ratingNo)]).toEqual(['final', 'counted']);
  });
});
