import { firstBreak } from '../../../src/kernel/chain';
import { Refusal } from '../../../src/kernel/refusal';
import { owner, providerStaff } from '../../support/kernel';
import { aPlan, costing } from '../../support/plan';
import { aText, boss, CONTRACT_FILE, engineer, FILE, hashOfFile, OTHER_FILE, rival, rivalBoss, testProject, type TestProject } from '../../support/project';

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
const open = (plan: string, text: object = aText(), who = engineer) => t.kernel.open(who, 'contract', null, { plan, ...text });
const hash = hashOfFile[CONTRACT_FILE]!;

describe('12.3 contract: the whole way', () => {
  it('12.3: drawn up on the approved plan, signed by both sides, carried out, delivered and confirmed', async () => {
    const planNo = await p.approved();
    const { no } = await open(planNo);
    const d = await p.dataOf(no);
    expect(d).toMatchObject({ fileHash: hash, planHash: (await p.dataOf(planNo)).approved.hash, amountFen: 30_000_000 });
    expect(d.milestones.reduce((sum: number, { amountFen }: { amountFen: number }) => sum + amountFen, 0)).toBe(27_000_000);
    expect(await p.sign(boss, no)).toBe('signing');
    expect(await p.sign(engineer, no)).toBe('inProgress');
    await t.kernel.act(engineer, no, 'progress', { percent: 60, text: '系统部署完成，开始培训' });
    await p.deliver(no);
    await t.kernel.act(boss, no, 'returnDelivery', { remarks: '缺少培训记录' });
    expect(await t.state(no)).toBe('correcting');
    await p.deliver(no);
    await t.kernel.act(boss, no, 'confirmDelivery', {});
    const c = await p.caseOf(no);
    expect(c.state).toBe('delivered');
    expect(c.data.deliveredOn).toBe('2026-03-02');
    expect(c.links).toContainEqual({ no: planNo, relation: '方案' });
    expect(firstBreak(c)).toBeNull();
  });

  it.each(['provider first', 'enterprise first'])('12.3: signed in either order: %s', async (order) => {
    const no = await p.opened();
    const sides = order === 'provider first' ? [engineer, boss] : [boss, engineer];
    expect(await p.sign(sides[0]!, no)).toBe('signing');
    expect((await p.caseOf(no)).waitsOn).toEqual([order === 'provider first' ? 'org:enterprise-1' : 'org:provider-1']);
    expect(await p.sign(sides[1]!, no)).toBe('inProgress');
    expect((await p.dataOf(no)).agreements).toHaveLength(1);
  });

  it('12.3: work is due on the day the contract names, the longest time allowed only where that day is later', async () => {
    const no = await p.signed();
    expect((await t.kernel.read(engineer, no)).clock).toMatchObject({ due: '2026-09-30T15:59:59.999Z', provisional: false });
    await t.pass('2026-10-09T02:00:00Z');
    expect(t.reminded).toContainEqual({ no, kind: 'overdue' });
    // A text of more than a year: 365 days after signing, on to the next working day.
    const long = await p.approved(aPlan({ start: '2026-11-01', finish: '2028-11-30' }));
    const later = await p.signed(long, aText({ start: '2026-11-01', finish: '2028-11-30' }));
    expect((await p.caseOf(later)).clock!.due.toISOString()).toBe('2027-10-11T15:59:59.999Z');
  });

  it('12.3: a contract held and let go within one day keeps its own day, whatever holidays are published', async () => {
    const finish = '2027-01-15';
    const planNo = await p.approved(aPlan({ finish }));
    const no = await p.signed(planNo, aText({ finish }));
    await p.changed(planNo, costing(40_000_000, { finish }));
    await t.kernel.act(engineer, planNo, 'withdrawChange', {});
    await t.settle();
    expect((await p.caseOf(no)).clock).toMatchObject({ due: new Date('2027-01-15T15:59:59.999Z'), provisional: false, pauses: [{}] });
  });

  it('12.4: after delivery each side is told the next step and its day', async () => {
    const no = await p.delivered();
    expect((await t.kernel.read(boss, no)).says).toMatch(/最迟2026年6月2日；此前没有批次的，在下一批次申请/);
    expect((await t.kernel.read(engineer, no)).says).toBe('竣工验收由企业申请，最迟2026年6月2日（此前没有批次的，在下一批次），请配合准备材料。');
  });

  it('12.3: another text begins with the one under way; what is promised is promised anew; progress begins where it stood', async () => {
    const no = await p.opened();
    const values = async (move: string) => (await t.kernel.read(engineer, no)).moves.find((one) => one.move === move)?.values;
    const { noSubcontracting: _, noEarlyCharge: __, ...text } = aText() as Record<string, unknown>;
    expect(await values('revise')).toEqual(text);
    await p.sign(boss, no);
    await p.sign(engineer, no);
    expect(await values('progress')).toBeUndefined();
    await t.kernel.act(engineer, no, 'progress', { percent: 60, text: '系统部署完成，开始培训' });
    expect(await values('progress')).toEqual({ percent: 60 });
  });

  it('11: nothing is carried out before both have signed', async () => {
    const no = await p.opened();
    await p.sign(engineer, no);
    expect(await code(p.deliver(no))).toBe('ILLEGAL_MOVE');
    expect(await code(t.kernel.act(engineer, no, 'progress', { percent: 1, text: '提前进场' }))).toBe('ILLEGAL_MOVE');
  });
});

describe('12.3 contract: only what was filed', () => {
  it('12.3: no contract on a plan that is not approved, is unknown or belongs to others', async () => {
    const planNo = await p.approved();
    await t.kernel.act(engineer, planNo, 'save', costing(30_500_000));
    await t.kernel.act(engineer, planNo, 'change', { reason: '现场条件变化，双方商定调整' });
    expect((await refused(open(planNo))).faults[0]).toMatchObject({ field: 'plan' });
    expect((await refused(open('FA20260302-ABCDEF'))).faults[0]).toMatchObject({ field: 'plan' });
    expect((await refused(open(planNo, aText(), rival))).faults[0]).toMatchObject({ field: 'plan' });
    expect(await t.cases.countDocuments({ procedure: 'contract' })).toBe(0);
  });

  it('12.3: every departure from the plan is named at once', async () => {
    const planNo = await p.approved();
    const error = await refused(open(planNo, aText({
      amountFen: 30_000_001, split: { ...aPlan().split, governmentFen: 1 }, start: '2026-03-01', finish: '2026-10-01',
    })));
    expect(error.faults.map(({ field }) => field)).toEqual(['amountFen', 'split.governmentFen', 'milestones', 'start', 'finish']);
  });

  it.each([
    ['a subcontracting clause unsigned', { noSubcontracting: false }, 'noSubcontracting'],
    ['a charge before signing', { noEarlyCharge: false }, 'noEarlyCharge'],
    ['a milestone due before signing', { milestones: [{ name: '定金', when: 'before', amountFen: 27_000_000 }] }, 'milestones.0.when'],
    ['an unknown file', { file: [FILE] }, 'file'],
    ['two files', { file: [CONTRACT_FILE, OTHER_FILE] }, 'file'],
  ])('11: %s is refused', async (_, more, field) => {
    const planNo = await p.approved();
    expect((await refused(open(planNo, aText(more)))).faults.map((fault) => fault.field)).toContain(field);
  });

  it('12.3: one live contract per plan, even of twenty opened at once; after a withdrawal another', async () => {
    const planNo = await p.approved();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => open(planNo)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { no } = (await t.cases.findOne({ procedure: 'contract' }))!;
    expect(await code(open(planNo))).toBe('CONFLICT');
    await t.kernel.act(engineer, no, 'withdraw', { reason: '文本有误' });
    expect((await open(planNo)).state).toBe('signing');
  });

  it('12.3: a provider that left the register concludes no contract', async () => {
    const planNo = await p.approved();
    t.organisations.set('provider-1', { ...t.organisations.get('provider-1')!, standing: 'removed' });
    expect(await code(open(planNo))).toBe('FORBIDDEN');
    t.organisations.set('provider-1', { ...t.organisations.get('provider-1')!, standing: 'listed' });
    const { no } = await open(planNo);
    t.organisations.set('provider-1', { ...t.organisations.get('provider-1')!, standing: 'removed' });
    expect(await code(p.sign(boss, no))).toBe('FORBIDDEN');
  });
});

describe('12.3 contract: signing', () => {
  it('12.3: another hash than the one on the table is refused', async () => {
    const no = await p.opened();
    expect(await code(t.kernel.act(boss, no, 'sign', { fileHash: hashOfFile[OTHER_FILE] }))).toBe('STALE');
  });

  it('12.3: a new text voids the signature under the old one', async () => {
    const no = await p.opened();
    await p.sign(boss, no);
    await t.kernel.act(engineer, no, 'revise', aText({ file: [OTHER_FILE] }));
    expect(await code(t.kernel.act(boss, no, 'sign', { fileHash: hash }))).toBe('STALE');
    expect(await p.sign(engineer, no)).toBe('signing');
    expect(await p.sign(boss, no)).toBe('inProgress');
    expect((await p.dataOf(no)).agreements).toEqual([expect.objectContaining({ round: 2, fileHash: hashOfFile[OTHER_FILE] })]);
  });

  it('12.3: one side signs once, and does not sign for the other', async () => {
    const no = await p.opened();
    await p.sign(boss, no);
    expect(await code(p.sign(boss, no))).toBe('ILLEGAL_MOVE');
    expect(await code(p.sign(owner('colleague', 'enterprise-1'), no))).toBe('ILLEGAL_MOVE');
    expect(await t.state(no)).toBe('signing');
  });

  it('12.3: who may not confirm for the organisation does not sign', async () => {
    const no = await p.opened();
    expect(await code(p.sign(owner('clerk', 'enterprise-1', ['view', 'handle']), no))).toBe('FORBIDDEN');
    expect(await code(p.sign(providerStaff('fitter', 'provider-1', ['view', 'handle']), no))).toBe('FORBIDDEN');
  });

  it('C5: one person does not sign for both sides, whichever organisation they act for', async () => {
    const no = await p.opened();
    expect(await code(p.sign(owner('engineer', 'enterprise-1'), no))).toBe('FORBIDDEN');
  });

  it('C8: a plan changed between approval and signing stops the signature; the text must follow', async () => {
    const planNo = await p.approved();
    const no = await p.opened(planNo);
    await p.sign(boss, no);
    await p.changed(planNo, { ...aPlan(), providerDuties: '按期交付并培训操作人员，提供两年免费维护' });
    expect(await t.cases.findOne({ no: planNo })).toMatchObject({ state: 'approved' });
    expect(await code(p.sign(engineer, no))).toBe('STALE');
    await t.kernel.act(engineer, no, 'revise', aText());
    await p.sign(engineer, no);
    expect(await p.sign(boss, no)).toBe('inProgress');
  });

  it('C8: signed by two at the same moment, the contract is signed by both, once', async () => {
    const no = await p.opened();
    await Promise.allSettled([p.sign(boss, no), p.sign(engineer, no), p.sign(boss, no), p.sign(engineer, no)]);
    const c = await p.caseOf(no);
    expect(c.state).toBe('inProgress');
    expect(c.data.signatures.map(({ side }: { side: string }) => side).toSorted()).toEqual(['enterprise', 'provider']);
  });

  it('12.3: sent back, refused, withdrawn and lapsed', async () => {
    const [back, no, gone] = [await p.opened(), await p.opened(), await p.opened()];
    await t.kernel.act(boss, back, 'sendBack', { remarks: '付款节点需要调整' });
    expect(await t.state(back)).toBe('revising');
    await t.kernel.act(boss, back, 'refuse', { reason: '暂不改造' });
    expect(await t.state(back)).toBe('refused');
    await t.kernel.act(engineer, gone, 'withdraw', { reason: '文本有误' });
    expect(await t.state(gone)).toBe('withdrawn');
    await t.pass({ days: 20 });
    expect(await t.state(no)).toBe('lapsed');
  });

  it('12.3: a signed contract is neither refused nor withdrawn by one side', async () => {
    const no = await p.signed();
    expect(await code(t.kernel.act(boss, no, 'refuse', { reason: '反悔了不想做' }))).toBe('ILLEGAL_MOVE');
    expect(await code(t.kernel.act(engineer, no, 'withdraw', { reason: '反悔了不想做' }))).toBe('ILLEGAL_MOVE');
  });
});

describe('12.3 contract: while the plan is filed anew', () => {
  it('12.3: a material change holds it; approved, both sides sign a text on the new plan', async () => {
    const planNo = await p.approved();
    const no = await p.signed(planNo);
    await p.changed(planNo, costing(40_000_000));
    expect((await p.dataOf(no)).held).toBeDefined();
    expect((await p.caseOf(no)).clock?.pauseReason).toBe('改造方案重新备案');
    expect(await code(p.deliver(no))).toBe('ILLEGAL_MOVE');
    expect((await t.kernel.read(engineer, no)).moves.map(({ move }) => move)).not.toContain('deliver');
    await p.score(planNo);
    expect(await t.state(no)).toBe('revising');
    const text = aText({ amountFen: 40_000_000, split: costing(40_000_000).split, finish: '2026-08-31', file: [OTHER_FILE], milestones: [{ name: '全款', when: 'accepted', amountFen: 37_000_000 }] });
    await t.kernel.act(engineer, no, 'revise', text);
    await p.sign(boss, no);
    expect(await p.sign(engineer, no)).toBe('inProgress');
    expect((await p.dataOf(no)).agreements.map(({ amountFen }: { amountFen: number }) => amountFen)).toEqual([30_000_000, 40_000_000]);
    expect((await p.caseOf(no)).clock!.due.toISOString()).toBe('2026-08-31T15:59:59.999Z');
    await p.deliver(no);
    expect(await t.state(no)).toBe('submitted');
  });

  it('12.3: a change given up lets it go on with the time it had', async () => {
    const planNo = await p.approved();
    const no = await p.signed(planNo);
    const { due } = (await p.caseOf(no)).clock!;
    await p.changed(planNo, costing(40_000_000));
    await t.pass({ days: 1 });
    await t.kernel.act(engineer, planNo, 'withdrawChange', {});
    await t.settle();
    const c = await p.caseOf(no);
    expect(c).toMatchObject({ state: 'inProgress' });
    expect(c.data.held).toBeUndefined();
    expect(c.clock!.pausedAt).toBeUndefined();
    expect(c.clock!.due.getTime()).toBeGreaterThan(due.getTime());
    await p.deliver(no);
  });

  it('12.3: a new text that is never signed leaves the contract in force, waiting for one', async () => {
    const planNo = await p.approved();
    const no = await p.signed(planNo);
    await p.changed(planNo, costing(40_000_000));
    await p.score(planNo);
    await t.kernel.act(engineer, no, 'revise', aText({ amountFen: 40_000_000, split: costing(40_000_000).split, milestones: [{ name: '全款', when: 'accepted', amountFen: 37_000_000 }] }));
    await t.pass({ days: 20 });
    expect(await t.state(no)).toBe('revising');
  });

  it('12.3: a hold or release that comes twice or too late changes nothing', async () => {
    const no = await p.signed();
    const before = await p.caseOf(no);
    await t.kernel.act(p.system, no, 'hold', {});
    await t.kernel.act(p.system, no, 'release', {});
    const after = await p.caseOf(no);
    expect([after.state, after.data, after.clock]).toEqual([before.state, before.data, before.clock]);
  });

  it('12.3: nobody but the product holds or releases', async () => {
    const no = await p.signed();
    for (const who of [boss, engineer]) for (const move of ['hold', 'release', 'signLapse']) expect(['FORBIDDEN', 'ILLEGAL_MOVE']).toContain(await code(t.kernel.act(who, no, move, {})));
  });
});

describe('12.3 contract: ended by agreement, seen by its parties', () => {
  it('12.3: ends when both agree, not when one proposes', async () => {
    const no = await p.signed();
    await t.kernel.act(boss, no, 'proposeEnd', { reason: '企业搬迁，项目无法继续' });
    expect((await t.kernel.read(engineer, no)).timeline.at(-1)!.note).toBe('企业提议解除合同：企业搬迁，项目无法继续');
    expect(await code(t.kernel.act(boss, no, 'agreeToEnd', {}))).toBe('ILLEGAL_MOVE');
    await t.kernel.act(engineer, no, 'dropEnd', {});
    expect(await code(t.kernel.act(engineer, no, 'agreeToEnd', {}))).toBe('ILLEGAL_MOVE');
    await t.kernel.act(engineer, no, 'proposeEnd', { reason: '企业搬迁，项目无法继续' });
    await t.kernel.act(boss, no, 'agreeToEnd', {});
    expect(await t.state(no)).toBe('terminated');
  });

  it('12.3: to others it does not exist', async () => {
    const no = await p.opened();
    for (const who of [rival, rivalBoss]) {
      expect(await code(t.kernel.read(who, no))).toBe('NOT_FOUND');
      expect(await code(t.kernel.act(who, no, 'sign', { fileHash: hash }))).toBe('NOT_FOUND');
      expect((await t.kernel.list(who, { procedure: 'contract' })).items).toEqual([]);
    }
  });
});
