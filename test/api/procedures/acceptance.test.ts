import { firstBreak } from '../../../src/kernel/chain';
import { Refusal } from '../../../src/kernel/refusal';
import { citizen, official, owner } from '../../support/kernel';
import { someAnswers } from '../../support/diagnosis';
import { acceptor, aFailure, aFinding, agency, aNotice, boss, CONTRACT_FILE, engineer, FILE, papers, planClerk, rival, rivalBoss, testProject, type TestProject } from '../../support/project';

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
const fields = async (promise: Promise<unknown>): Promise<string[]> => (await refused(promise)).faults.map(({ field }) => field);
const apply = (contract: string, more: object = {}, who = boss) => t.kernel.open(who, 'acceptance', null, { contract, ...papers(), truthful: true, ...more });

/** An application under way, with its contract and batch. */
async function application() {
  const contractNo = await p.delivered();
  const batchNo = await p.published();
  return { contractNo, batchNo, no: await p.applied(contractNo, batchNo) };
}

describe('12.4 batch', () => {
  it('12.4: a notice is for everybody, names papers, conditions and the last day, and its clock closes it then', async () => {
    const no = await p.published({ workingDays: 5 });
    for (const who of [boss, engineer, rivalBoss, rival, citizen('c'), agency('expert-2'), planClerk]) {
      expect((await t.kernel.read(who, no)).data).toMatchObject({ title: aNotice().title, until: '2026-03-09', workingDays: 5 });
    }
    expect((await p.caseOf(no)).clock!.due.toISOString()).toBe('2026-03-09T15:59:59.999Z');
    await t.pass('2026-03-09T15:59:00Z');
    expect(await t.state(no)).toBe('open');
    await t.pass('2026-03-09T16:00:00Z');
    expect(await t.state(no)).toBe('closed');
  });

  it('12.4: the window is the rulebook’s where the notice sets none', async () => {
    expect((await p.dataOf(await p.published())).workingDays).toBe(t.rulebook.param('accept.window'));
  });

  it('12.4: closed by hand by those who serve acceptance, by nobody else', async () => {
    const no = await p.published();
    for (const who of [boss, engineer, planClerk]) expect(['FORBIDDEN', 'ILLEGAL_MOVE']).toContain(await code(t.kernel.act(who, no, 'close', {})));
    expect((await t.kernel.read(planClerk, no)).moves).toEqual([]);
    expect(await fields(t.kernel.act(acceptor, no, 'close', {}))).toEqual(['closing']);
    await t.kernel.act(acceptor, no, 'close', { closing: '本批次名额已满' });
    expect(await t.state(no)).toBe('closed');
  });

  it('12.4: closed early it states its real last day, the day planned and why: on its page, in its notice and to whoever applies later', async () => {
    const contractNo = await p.delivered();
    const no = await p.published({ workingDays: 5 });
    await t.pass('2026-03-04T02:00:00Z');
    await t.kernel.act(acceptor, no, 'close', { closing: '本批次名额已满' });
    const view = await t.kernel.read(citizen('c'), no);
    expect(view.data).toMatchObject({ until: '2026-03-04', plannedUntil: '2026-03-09', closing: '本批次名额已满' });
    expect(view.timeline.at(-1)!.note).toBe('原定2026年3月9日截止。原因：本批次名额已满');
    await t.settle();
    const notice = t.called.findLast(({ service }) => service === 'notices.publish')!.input as { title: string; body: string };
    expect(notice.title).toBe(`关于提前截止“${aNotice().title}”申请的公告`);
    expect(notice.body).toContain('原定受理申请至2026年3月9日，现于2026年3月4日提前截止。\n原因：本批次名额已满');
    await t.pass('2026-03-05T02:00:00Z');
    expect((await refused(apply(contractNo, { batch: no }))).faults[0]!.message).toContain('已于2026年3月4日提前截止申请');
  });

  it.each([['an enterprise', boss], ['a provider', engineer], ['a reviewer of another desk', planClerk], ['an agency', agency('expert-2')]])(
    '12.4: %s publishes no batch, and is not offered to', async (_, who) => {
      expect(t.kernel.openings(who).map(({ procedure }) => procedure)).not.toContain('batch');
      expect(await code(t.kernel.open(who, 'batch', null, aNotice()))).toBe('FORBIDDEN');
    });
});

describe('12.4 acceptance: the whole way', () => {
  it('12.4: applied in an open batch, papers checked, inspected by an agency without conflict, confirmed; then a rating is invited', async () => {
    const { contractNo, no } = await application();
    expect(await p.dataOf(no)).toMatchObject({ contract: contractNo, gradeBefore: 1, targetGrade: 2, round: 1 });
    const inspector = await p.inspecting(no);
    expect(['expert-0', 'expert-1']).not.toContain(inspector.person);
    await t.kernel.act(inspector, no, 'find', aFinding());
    expect((await t.kernel.read(boss, no)).data).not.toHaveProperty('finding');
    expect(JSON.stringify(await t.kernel.read(engineer, no))).not.toContain(aFinding().opinion);
    await t.claim(acceptor, no);
    await t.kernel.act(acceptor, no, 'confirm', {});
    await t.settle();
    const c = await p.caseOf(no);
    expect(c.state).toBe('passed');
    expect(firstBreak(c)).toBeNull();
    expect((await t.kernel.read(boss, no)).data).toMatchObject({ finding: { result: 'passed', gradeAfter: 2 } });
    const ratings = await t.cases.find({ procedure: 'rating', 'links.no': contractNo }).toArray();
    expect(ratings).toHaveLength(1);
    expect(ratings[0]!.causedBy).toMatchObject({ no, effect: 'rating' });
  });

  it('12.4: without a batch named, the one that takes applications is meant', async () => {
    const contractNo = await p.delivered();
    const batchNo = await p.published();
    expect((await p.dataOf((await apply(contractNo)).no)).batch).toBe(batchNo);
  });

  it('12.4: a failed project is rectified and comes back in the next batch; both rounds stay on the case', async () => {
    const { batchNo, no } = await application();
    expect(await p.concluded(no, aFailure())).toBe('rectifying');
    expect((await p.caseOf(no)).waitsOn.toSorted()).toEqual(['org:enterprise-1', 'org:provider-1']);
    expect(await t.cases.countDocuments({ procedure: 'rating' })).toBe(0);
    expect(await code(t.kernel.act(boss, no, 'declareRectified', {}))).toBe('ILLEGAL_MOVE');
    await t.kernel.act(engineer, no, 'rectify', { text: '质量追溯模块已部署上线并试运行', files: [FILE] });
    await t.kernel.act(boss, no, 'rectify', { text: '已安排质检人员全部上机操作', files: [] });
    await t.kernel.act(boss, no, 'declareRectified', {});
    expect(await code(t.kernel.act(boss, no, 'reapply', { truthful: true }))).toBe('ILLEGAL_MOVE');
    const next = await p.published({ title: '2026年第二批改造项目验收' });
    await t.settle();
    expect(await fields(t.kernel.act(boss, no, 'reapply', { batch: batchNo, truthful: true }))).toEqual(['batch']);
    await t.kernel.act(boss, no, 'reapply', { truthful: true });
    expect(await p.dataOf(no)).toMatchObject({ batch: next, round: 2 });
    // It counts in the batch where it stands now; the one before remembers it as gone on.
    const inBatch = async (batch: string) => (await t.kernel.tally(acceptor, batch)).map(({ relation, state, count }) => ({ relation, state, count }));
    expect([await inBatch(batchNo), await inBatch(next)]).toEqual([[{ relation: '原批次', state: 'applied', count: 1 }], [{ relation: '批次', state: 'applied', count: 1 }]]);
    expect(await p.concluded(no, aFinding())).toBe('passed');
    expect((await p.dataOf(no)).rounds).toEqual([
      expect.objectContaining({ round: 1, batch: batchNo, result: 'failed', gradeAfter: 1 }),
      expect.objectContaining({ round: 2, batch: next, result: 'passed', gradeAfter: 2 }),
    ]);
    expect(await t.cases.countDocuments({ procedure: 'rating' })).toBe(1);
  });

  it('12.4: left unrectified it ends as failed; a later batch is open to a new application, linked to the old', async () => {
    const { contractNo, batchNo, no } = await application();
    await p.concluded(no, aFailure());
    expect(await fields(apply(contractNo, { batch: batchNo }))).toEqual([]);
    await t.pass({ days: 31 });
    expect(await t.state(no)).toBe('failed');
    expect((await p.dataOf(no)).unrectified).toBe(true);
    const again = (await apply(contractNo, { batch: await p.published() })).no;
    expect((await p.caseOf(again)).links).toContainEqual({ no, relation: '上次验收' });
  });

  describe('可顺延至下一批次', () => {
    async function rectified() {
      const made = await application();
      await p.concluded(made.no, aFailure());
      await t.kernel.act(boss, made.no, 'rectify', { text: '质量追溯模块已部署上线并试运行', files: [] });
      await t.kernel.act(boss, made.no, 'declareRectified', {});
      return made;
    }
    const stands = async (no: string) => {
      const { state, clock, waitsForMe, moves, data } = await t.kernel.read(boss, no);
      return { state: state.name, paused: clock?.paused, waitsForMe, mayReapply: moves.some(({ move }) => move === 'reapply'), nextBatch: data['nextBatch'] };
    };
    const waiting = { state: 'rectified', paused: true, waitsForMe: false, mayReapply: false, nextBatch: undefined };
    const invited = (nextBatch: string) => ({ state: 'rectified', paused: false, waitsForMe: true, mayReapply: true, nextBatch });

    it('12.4: while no batch takes applications no time runs against the enterprise, however long it lasts', async () => {
      const { no } = await rectified();
      expect(await stands(no)).toEqual(waiting);
      expect((await t.kernel.read(boss, no)).says).toContain('没有批次接受申请的时间不计入期限');
      await t.pass({ days: 200 });
      expect(await stands(no)).toEqual(waiting);
      expect((await t.kernel.list(boss, { procedure: 'acceptance' })).items[0]).toMatchObject({ due: null, inWords: '计时中止' });
    });

    it('12.4: the next batch sets the time by its own last day; its enterprise is told, and not applied for it has not passed', async () => {
      const { no } = await rectified();
      const next = await p.published({ workingDays: 5 });
      await t.settle();
      expect(await stands(no)).toEqual(invited(next));
      const entry = (await p.caseOf(no)).timeline.at(-1)!;
      expect([entry.move, entry.note]).toEqual(['nextBatch', `可在“${aNotice().title}”申请，截止2026年3月9日`]);
      expect(t.told).toContainEqual({ no, seq: entry.seq, to: ['enterprise'] });
      expect((await p.caseOf(no)).clock!.due).toEqual((await p.caseOf(next)).clock!.due);
      // Both clocks end on the same instant, and that of the batch may tick later.
      await t.cases.updateOne({ no: next }, { $unset: { 'clock.next': '' } } as never);
      await t.pass('2026-03-09T16:00:00Z');
      expect([await t.state(next), await t.state(no)]).toEqual(['open', 'failed']);
    });

    it('12.4: a batch open already when rectification is declared is the next one', async () => {
      const { no } = await application();
      await p.concluded(no, aFailure());
      const next = await p.published();
      await t.settle();
      await t.kernel.act(boss, no, 'rectify', { text: '质量追溯模块已部署上线并试运行', files: [] });
      await t.kernel.act(boss, no, 'declareRectified', {});
      expect(await stands(no)).toEqual(invited(next));
    });

    it('12.4: a batch closed early, or followed by another that is open, ends nothing', async () => {
      const { no } = await rectified();
      const second = await p.published({ workingDays: 10 });
      await t.settle();
      await t.kernel.act(acceptor, second, 'close', { closing: '本批次名额已满' });
      await t.settle();
      expect(await stands(no)).toEqual(waiting);
      const third = await p.published({ workingDays: 5 });
      await t.settle();
      expect(await stands(no)).toEqual(invited(third));
      const fourth = await p.published({ workingDays: 10 });
      await t.settle();
      await t.pass('2026-03-09T16:00:00Z');
      expect(await stands(no)).toEqual(invited(fourth));
    });
  });
});

describe('12.4 acceptance: who may apply, when, with what', () => {
  it('12.4: only for a delivered contract, only by its enterprise', async () => {
    await p.published();
    const running = await p.signed();
    expect(await fields(apply(running))).toEqual(['contract']);
    expect(await fields(apply('HT20260302-ABCDEF'))).toEqual(['contract']);
    const done = await p.delivered();
    expect(await fields(apply(done, {}, rivalBoss))).toEqual(['contract']);
    expect(await code(apply(done, {}, engineer))).toBe('FORBIDDEN');
    expect(await code(apply(done, {}, owner('engineer', 'enterprise-1')))).toBe('FORBIDDEN');
    expect(await t.cases.countDocuments({ procedure: 'acceptance' })).toBe(0);
  });

  it('12.4: only in an open batch, to its last minute', async () => {
    const contractNo = await p.delivered();
    expect(await fields(apply(contractNo))).toEqual(['batch']);
    expect(await fields(apply(contractNo, { batch: contractNo }))).toEqual(['batch']);
    const batchNo = await p.published({ workingDays: 5 });
    await t.kernel.act(acceptor, batchNo, 'close', { closing: '本批次名额已满' });
    expect(await fields(apply(contractNo, { batch: batchNo }))).toEqual(['batch']);
    const open = await p.published({ workingDays: 5 });
    const due = (await p.caseOf(open)).clock!.due;
    // The clock of the batch may tick a moment late; the window ends all the same.
    await t.pass(new Date(due.getTime() - 1000).toISOString());
    await t.cases.updateOne({ no: open }, { $unset: { 'clock.next': '' } } as never);
    await t.pass(new Date(due.getTime() + 1000).toISOString());
    expect(await t.state(open)).toBe('open');
    expect(await fields(apply(contractNo, { batch: open }))).toEqual(['batch']);
  });

  it('12.4: every paper the notice asks for and the application lacks is named at once', async () => {
    const contractNo = await p.delivered();
    await p.published({ documents: ['invoices', 'summary', 'effects'] });
    expect(await fields(t.kernel.open(boss, 'acceptance', null, { contract: contractNo, summary: [FILE], truthful: true }))).toEqual(['invoices', 'effects']);
  });

  it('12.4: the contract signed here need not be uploaded again; the agency reads that file too', async () => {
    const contractNo = await p.delivered();
    await p.published({ documents: ['contractCopy'] });
    const { no } = await t.kernel.open(boss, 'acceptance', null, { contract: contractNo, truthful: true });
    expect((await p.dataOf(no)).contractCopy).toEqual([CONTRACT_FILE]);
    const inspector = await p.inspecting(no);
    expect(await t.kernel.mayReadFile(inspector, { id: CONTRACT_FILE, caseNo: contractNo, uploader: engineer.person })).toBe(true);
    // Linked cases are told by what they are where the reader may open them; the agency has no part in the contract.
    const lines = async (who: typeof boss) => (await t.kernel.read(who, no)).links.map(({ relation, line }) => [relation, line?.subject ?? line?.state.title]);
    expect(await lines(boss)).toEqual([['合同', '已交付'], ['批次', aNotice().title]]);
    expect(await lines(inspector)).toEqual([['合同', undefined], ['批次', aNotice().title]]);
  });

  it('12.4: one live acceptance per contract, even of twenty at once; none after it passed', async () => {
    const contractNo = await p.delivered();
    await p.published();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => apply(contractNo)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { no } = (await t.cases.findOne({ procedure: 'acceptance' }))!;
    await p.concluded(no, aFinding());
    expect(await code(apply(contractNo))).toBe('CONFLICT');
  });

  it('12.4: told once what is missing, then supplemented; a second list is not possible; rejection is', async () => {
    const { no } = await application();
    await t.claim(acceptor, no);
    await t.kernel.act(acceptor, no, 'supplement', { missing: [{ what: '发票复印件不清晰' }] });
    expect(await t.state(no)).toBe('supplementing');
    await t.kernel.act(boss, no, 'answer', { invoices: [FILE], explanation: '已重新扫描' });
    await t.claim(acceptor, no);
    expect(await code(t.kernel.act(acceptor, no, 'supplement', { missing: [{ what: '另缺总结报告' }] }))).toBe('ILLEGAL_MOVE');
    await t.kernel.act(acceptor, no, 'reject', { rejection: '发票与合同主体不一致' });
    expect(await t.state(no)).toBe('rejected');
  });

  it('12.4: not supplemented in time it lapses; withdrawn it may be applied for again', async () => {
    const { contractNo, no } = await application();
    await t.kernel.act(boss, no, 'withdraw', {});
    const again = (await apply(contractNo)).no;
    await t.claim(acceptor, again);
    await t.kernel.act(acceptor, again, 'supplement', { missing: [{ what: '发票复印件不清晰' }] });
    await t.pass({ days: 20 });
    expect(await t.state(again)).toBe('lapsed');
  });

  it('12.4: a failure is not shaken off by withdrawing, which a project found wanting cannot; the same batch stays closed to it', async () => {
    const { contractNo, batchNo, no } = await application();
    await p.concluded(no, aFailure());
    await t.kernel.act(boss, no, 'rectify', { text: '质量追溯模块已部署上线并试运行', files: [] });
    await t.kernel.act(boss, no, 'declareRectified', {});
    expect(await code(t.kernel.act(boss, no, 'withdraw', {}))).toBe('ILLEGAL_MOVE');
    const next = await p.published();
    await t.settle();
    await t.kernel.act(boss, no, 'reapply', { batch: next, truthful: true });
    await t.kernel.act(boss, no, 'withdraw', {});
    expect(await fields(apply(contractNo, { batch: batchNo }))).toEqual(['batch']);
  });

  it('12.4: while it is inspected, or found wanting, it cannot be withdrawn', async () => {
    const { no } = await application();
    const inspector = await p.inspecting(no);
    expect(await code(t.kernel.act(boss, no, 'withdraw', {}))).toBe('ILLEGAL_MOVE');
    await t.kernel.act(inspector, no, 'find', aFailure());
    expect(await code(t.kernel.act(boss, no, 'withdraw', {}))).toBe('ILLEGAL_MOVE');
  });
});

describe('12.4 acceptance: the agency', () => {
  it.each(['agency-0', 'agency-1', 'expert-4', 'nobody'])('12.4: %s, related to a party or unknown, is not appointed', async (person) => {
    const { no } = await application();
    await t.claim(acceptor, no);
    expect(await fields(t.kernel.act(acceptor, no, 'accept', { complete: true, agency: person }))).toEqual(['agency']);
  });

  it('12.4: the desk appoints one by its login', async () => {
    const { no } = await application();
    await t.claim(acceptor, no);
    const offered = await t.kernel.options(acceptor, no, 'accept');
    expect(offered['agency']).toEqual([{ value: '抽签', label: '不指定，抽签确定' }, ...[2, 3, 4, 5].map((n) => ({ value: `agency-${n}`, label: `姓名expert-${n}（agency-${n}）` }))]);
    expect((await t.kernel.read(acceptor, no)).moves.find(({ move }) => move === 'accept')!.values).toEqual({ agency: '抽签' });
    expect(await code(t.kernel.options(boss, no, 'accept'))).toBe('FORBIDDEN');
    expect(await code(t.kernel.options(rivalBoss, no, 'accept'))).toBe('NOT_FOUND');
    await t.kernel.act(acceptor, no, 'accept', { complete: true, agency: 'agency-4' });
    expect((await p.agencyOf(no)).person).toBe('expert-4');
  });

  it('12.4: steps aside on a conflict and another is appointed; who stepped aside neither reads nor returns', async () => {
    const { no } = await application();
    const inspector = await p.inspecting(no);
    await t.kernel.act(inspector, no, 'stepAside', { ground: 'served' });
    expect(await t.state(no)).toBe('assigning');
    expect(await code(t.kernel.read(inspector, no))).toBe('NOT_FOUND');
    await t.claim(acceptor, no);
    expect(await fields(t.kernel.act(acceptor, no, 'assign', { agency: inspector.person }))).toEqual(['agency']);
    await t.kernel.act(acceptor, no, 'assign', {});
    expect((await p.agencyOf(no)).person).not.toBe(inspector.person);
  });

  it('12.4: an agency that lets the time run out is replaced', async () => {
    const { no } = await application();
    const inspector = await p.inspecting(no);
    await t.pass({ days: 40 });
    expect(await t.state(no)).toBe('assigning');
    await t.claim(acceptor, no);
    await t.kernel.act(acceptor, no, 'assign', {});
    expect((await p.agencyOf(no)).person).not.toBe(inspector.person);
  });

  it.each([
    ['a grade below the target', { gradeAfter: 1 }, ['gradeAfter']],
    ['a condition not met', { conditions: ['finished', 'running', 'grade', 'inPeriod'] }, ['conditions']],
    ['a step on site left out', { onSite: ['heard', 'content', 'papers'] }, ['onSite']],
    ['a visit before the application', { visitedOn: '2026-03-01' }, ['visitedOn']],
    ['a visit in the future', { visitedOn: '2026-03-03' }, ['visitedOn']],
    ['a conflict', { noConflict: false }, ['noConflict']],
    ['a failure without problems', { result: 'failed' }, ['problems']],
    ['a grade other than its questionnaire gives', { answers: someAnswers() }, ['gradeAfter']],
    ['an incomplete questionnaire', { answers: { ...someAnswers(), q1: 'Z' } }, ['answers.q1']],
  ])('12.4: %s is refused', async (_, more, wrong) => {
    const { no } = await application();
    expect(await fields(t.kernel.act(await p.inspecting(no), no, 'find', aFinding(more)))).toEqual(wrong);
  });

  it('12.4: the questionnaire, where filled in, is scored and kept with the finding', async () => {
    const { no } = await application();
    await t.kernel.act(await p.inspecting(no), no, 'find', aFailure({ answers: someAnswers() }));
    expect((await p.dataOf(no)).reported).toMatchObject({ gradeAfter: 1, score: { grade: 1 } });
  });

  it('12.4: the desk sends a finding back, changes none of it, and only its handler confirms', async () => {
    const { no } = await application();
    const inspector = await p.inspecting(no);
    await t.kernel.act(inspector, no, 'find', aFailure());
    for (const who of [boss, engineer, inspector, official('other', ['reviewer'], ['acceptance'])]) {
      expect(await code(t.kernel.act(who, no, 'confirm', {}))).toBe('FORBIDDEN');
    }
    await t.claim(acceptor, no);
    await t.kernel.act(acceptor, no, 'sendBack', { sentBack: '请补充现场评测的记录' });
    expect(await code(t.kernel.act(agency('expert-0'), no, 'find', aFinding()))).toBe('NOT_FOUND');
    await t.kernel.act(inspector, no, 'find', aFinding());
    await t.claim(acceptor, no);
    expect((await t.kernel.act(acceptor, no, 'confirm', {})).state).toBe('passed');
  });

  it('12.4: drawn by lot where the desk says so', async () => {
    const { no } = await application();
    await t.claim(acceptor, no);
    await t.kernel.act(acceptor, no, 'accept', { complete: true, agency: '抽签' });
    expect((await p.dataOf(no)).agencies[0]).toMatchObject({ by: 'lot' });
  });

  it('12.4: the desk reads what it is about to confirm, and the finding once: what failed it first', async () => {
    const { no } = await application();
    const inspector = await p.inspecting(no);
    await t.kernel.act(inspector, no, 'find', aFailure({ conditions: ['goodStanding', 'inPeriod', 'finished', 'running'] }));
    await t.claim(acceptor, no);
    const confirm = (await t.kernel.read(acceptor, no)).moves.find(({ move }) => move === 'confirm')!;
    expect(confirm.follows).toContain('将确认：未通过验收，改造后等级：一级');
    await t.kernel.act(acceptor, no, 'confirm', {});
    for (const who of [acceptor, inspector]) expect((await t.kernel.read(who, no)).data).not.toHaveProperty('reported');
    const { finding } = (await t.kernel.read(boss, no)).data as { finding: object };
    expect(Object.keys(finding).slice(0, 4)).toEqual(['result', 'gradeAfter', 'unmet', 'problems']);
    expect(finding).toMatchObject({ unmet: ['grade'] });
  });

  it('12.4: the bureau reads which agency inspected, by its login; before one is appointed none is shown', async () => {
    const { no } = await application();
    const shown = async (who: typeof acceptor) => (await t.kernel.read(who, no)).parties.filter(({ party }) => party === 'agency').map(({ name }) => name);
    expect(await shown(acceptor)).toEqual([]);
    const inspector = await p.inspecting(no);
    const login = inspector.person.replace('expert', 'agency');
    expect(await shown(acceptor)).toEqual([`登录名 ${login}`]);
    expect((await t.kernel.read(acceptor, no)).data['agencies']).toMatchObject([{ login, by: 'lot', round: 1 }]);
    for (const who of [boss, engineer]) expect(JSON.stringify(await t.kernel.read(who, no))).not.toContain(login);
    await t.kernel.act(inspector, no, 'stepAside', { ground: 'served' });
    expect(await shown(acceptor)).toEqual([]);
  });

  it('12.4: to others it does not exist; the parties do not learn who inspected', async () => {
    const { no } = await application();
    const inspector = await p.inspecting(no);
    for (const who of [rival, rivalBoss, citizen('c'), agency('expert-0')]) expect(await code(t.kernel.read(who, no))).toBe('NOT_FOUND');
    for (const who of [boss, engineer]) expect(JSON.stringify(await t.kernel.read(who, no))).not.toContain(inspector.person);
  });
});
