import { photo } from '../../scripts/demo/papers';
import { reportStory } from '../../scripts/demo/stories';
import { journey, type Journey } from '../support/journey';

let j: Journey;
beforeAll(async () => { j = await journey(); }, 60_000);
afterAll(() => j.close());

describe('journey of a real-name report', () => {
  it('18: filed under true name, routed, two handlers, the provider heard, out of the register; the reporter is told', async () => {
    const no = await reportStory(j.city);
    const c = (await j.app.services.cases.findOne({ no }))!;
    expect(c.timeline.map((entry) => entry.move)).toEqual(['file', 'verify', 'accept', 'inquire', 'answered', 'find', 'agree', 'heard', 'decide']);
    expect(c.names['reporter']).toMatch(/^举报人-/);
    expect(JSON.stringify(c)).not.toContain('何真名');
    expect(await j.app.services.vault.mentions(no, '据何真名反映')).toBe(true);
    const org = (await j.app.services.register.organisations.get(j.city.org('provider2')))!;
    expect(org.standing).toBe('removed');
    expect(org.standingHistory.filter((line) => line.no === no)).toHaveLength(1);
    // The public learns that it left, once, and nothing of how it came to that.
    const { items } = await j.app.must(null, 'GET', `/api/v1/notices?subject=${org._id}`);
    expect(items).toMatchObject([{ kind: 'standing', article: '18', title: `关于${org.name}退出服务商库的公告`, subject: { kind: 'provider', id: org._id, name: org.name } }]);
    expect(await j.app.must(null, 'GET', `/api/v1/notices/${items[0].id}`)).toEqual(items[0]);
    expect(JSON.stringify(await j.app.services.stores.connection.collection('notices').find({}).toArray())).not.toMatch(new RegExp(`${no}|举报|${c.names['reporter']}`));
    await j.app.services.register.changeStanding({ org: org._id, standing: 'removed', article: '18' }, { no, seq: c.timeline.length, effect: 'standing' });
    await j.app.services.register.changeStanding({ org: org._id, standing: 'removed', article: '18' }, { no: 'JB20260302-222222', seq: 1, effect: 'standing' });
    expect((await j.app.must(null, 'GET', '/api/v1/notices')).items).toHaveLength(1);
    const provider = await j.app.must(null, 'GET', `/api/v1/providers/${org._id}`);
    expect(provider).toMatchObject({ name: org.name, standing: 'removed', history: expect.arrayContaining([expect.objectContaining({ standing: 'removed', article: '18', no: null })]) });
    expect(JSON.stringify(provider)).not.toContain(no);
    const inquiry = c.links.find((link) => link.relation === '情况核实')!.no;
    await j.check(no, inquiry);
  }, 60_000);

  it('18: evidence is served without the traces of the phone that took it', async () => {
    const c = (await j.app.services.cases.findOne({ procedure: 'report' }))!;
    const [id] = c.data.evidence as string[];
    const citizen = await j.city.phone('citizen');
    const { url } = await citizen.api.get(`/api/v1/files/${id}`);
    const bytes = Buffer.from(await citizen.api.get<Uint8Array>(url));
    expect(bytes.subarray(0, 2).toString('hex')).toBe('ffd8');
    for (const trace of ['DemoPhone', 'Exif', 'GPS']) expect(bytes.includes(trace)).toBe(false);
  });

  it('18: a provider that gives no answer within its working days leaves the register after it could speak', async () => {
    const { no } = await reportUntilInquiry();
    const inquiry = (await j.app.services.cases.findOne({ procedure: 'inquiry', 'causedBy.no': no }))!;
    await j.pass(new Date(inquiry.clock!.due.getTime() + 1000).toISOString());
    expect((await j.app.services.cases.findOne({ no: inquiry.no }))!.state).toBe('lapsed');
    const first = await j.city.take(no, 'reviewer', 'reviewer2');
    await j.city.act(first, no, 'find', { result: 'unanswered', finding: '核实通知已送达并提醒，服务商逾期未回复。', feedback: '服务商未按要求回复，已退出服务商库。', intended: '因未按要求回复核实事项，拟退出服务商库。' }, 'no answer is found');
    const second = await j.city.take(no, 'reviewer', 'reviewer2');
    await j.city.act(second, no, 'agree', { secondOpinion: '送达记录完整，同意。' }, 'agreed');
    await j.app.settle();
    const announced = (await j.app.services.cases.findOne({ no: inquiry.no }))!;
    expect(announced.state).toBe('announced');
    await j.pass(new Date(announced.clock!.due.getTime() + 1000).toISOString());
    const director = await j.city.take(no, 'director');
    await j.city.act(director, no, 'decide', { result: 'unanswered', decision: '逾期未回复，退出服务商库。', feedback: '服务商未按要求回复，已退出服务商库。' }, 'decided');
    await j.app.settle();
    expect((await j.app.services.register.organisations.get(j.city.org('provider')))!.standing).toBe('removed');
    await j.check(no, inquiry.no);
  }, 60_000);

  async function reportUntilInquiry(): Promise<{ no: string }> {
    const citizen = await j.city.phone('citizen');
    const evidence = await j.city.upload(citizen.api, '照片.jpg', await photo(), 'image/jpeg');
    const { no } = await j.city.open(citizen.api, 'report', {
      provider: j.city.org('provider'), matters: ['staff'], evidence: [evidence], text: '该公司申报的技术团队名单与社保缴纳人员不符，多人从未在该公司任职。',
      name: '何真名', idNumber: '410702199003078515', phone: '13800030001', truthful: true, informed: true,
    }, 'a second report');
    const first = await j.city.take(no, 'reviewer', 'reviewer2');
    await j.city.act(first, no, 'verify', { identityCheck: '电话核验，信息一致' }, 'verified');
    await j.city.act(first, no, 'accept', {}, 'accepted');
    await j.city.act(first, no, 'inquire', { summary: '请说明申报材料中技术团队人员的任职情况', questions: '请提供劳动合同和社保记录', knownTo: 25 }, 'asked');
    await j.app.settle();
    return { no };
  }
});
