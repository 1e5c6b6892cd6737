import { complaintStory } from '../../scripts/demo/stories';
import { journey, type Journey } from '../support/journey';

let j: Journey;
beforeAll(async () => { j = await journey(); }, 60_000);
afterAll(() => j.close());

describe('journey of a complaint', () => {
  it('15.2: filed, accepted, replied, settled, reopened once and settled by somebody else; everybody is told', async () => {
    const no = await complaintStory(j.city);
    const c = (await j.app.services.cases.findOne({ no }))!;
    expect(c.timeline.map((entry) => entry.move)).toEqual(['file', 'accept', 'reply', 'settle', 'reopen', 'settle']);
    const settlers = c.timeline.filter((entry) => entry.move === 'settle').map((entry) => entry.by.person);
    expect(new Set(settlers).size).toBe(2);
    await j.check(no);
    const owner = await j.city.phone('owner');
    const { items } = await owner.api.get(`/api/v1/inbox?limit=100`);
    expect(items.filter((item: { no: string }) => item.no === no).length).toBeGreaterThanOrEqual(3);
  }, 60_000);

  it('15.2: a provider that stays silent lapses, and the case goes on without its reply', async () => {
    const owner = await j.city.phone('owner');
    const { no } = await j.city.open(owner.api, 'complaint', {
      provider: j.city.org('provider2'), matters: ['quality'], text: '系统上线后频繁宕机，报修后无人响应。', wish: '尽快修复',
    }, 'the owner complains');
    const clerk = await j.city.take(no, 'intake');
    await j.city.act(clerk, no, 'accept', {}, 'accepted');
    const due = (await j.app.services.cases.findOne({ no }))!.clock!.due;
    await j.pass(new Date(due.getTime() + 1000).toISOString());
    const c = (await j.app.services.cases.findOne({ no }))!;
    expect(c).toMatchObject({ state: 'replied', data: { lapsed: true } });
    const provider = await j.city.phone('provider2');
    expect((await j.city.read(provider.api, no)).moves.map((move: { move: string }) => move.move)).not.toContain('reply');
    const reviewer = await j.city.take(no, 'reviewer', 'reviewer2');
    await j.city.act(reviewer, no, 'settle', { result: 'upheld', finding: '服务商未按期答复，经核实投诉属实。' }, 'settled');
    await j.check(no);
  }, 60_000);

  it('15.2: the console hears of a new complaint while it is open, and of nothing in it', async () => {
    const clerk = await j.city.staff('intake');
    const response = await fetch(`${j.city.webUrl}/api/v1/queue/live`, { headers: { authorization: `Bearer ${clerk.token}` } });
    const reader = response.body!.getReader();
    const owner = await j.city.phone('owner');
    const { no } = await j.city.open(owner.api, 'complaint', {
      provider: j.city.org('provider2'), matters: ['delay'], text: '约定的上门时间三次未到场，影响排产。', wish: '书面说明计划',
    }, 'the owner complains');
    let heard = '';
    await j.city.until('the live event', async () => {
      heard += new TextDecoder().decode((await reader.read()).value);
      return heard.includes(no);
    });
    await reader.cancel();
    expect(heard).toContain('event: change');
    expect(heard).not.toContain('上门');
  }, 60_000);
});
