import { creditCode } from '../../scripts/client/codes';
import { ApiProblem } from '../../scripts/client/http';
import { Phone } from '../../scripts/client/phone';
import { photo } from '../../scripts/demo/papers';
import { signInStory } from '../../scripts/demo/stories';
import { journey, type Journey } from '../support/journey';

let j: Journey;
beforeAll(async () => { j = await journey(); }, 60_000);
afterAll(() => j.close());

const code = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'accepted', (error: unknown) => (error instanceof ApiProblem ? error.problem.code! : String(error)));
const arrive = (phone: string, nickname: string): Promise<Phone> => Phone.signIn({ simulatorUrl: j.city.simulatorUrl, api: j.city.api, phone, nickname });

describe('journey of signing in', () => {
  it('2: owner, two providers, citizen and clerk sign in; listed phones were bound at once', async () => {
    await signInStory(j.city);
    expect(j.city.steps.map((step) => step.outcome)).toEqual([
      'enterprise · 新乡市红旗起重设备有限公司', 'provider · 中原数智科技有限公司', 'provider · 豫北工业互联有限公司', 'citizen · 138****0001', 'staff',
    ]);
  });

  it('2: a claim from another phone goes to the county\'s desk with the licence; another county does not see it', async () => {
    const stranger = await arrive('13911110001', '新企业主');
    await stranger.consent('TPL_RESULT');
    const licenceFile = await j.city.upload(stranger.api, '营业执照.jpg', await photo(), 'image/jpeg');
    const claim = await stranger.api.post('/api/v1/organisations/claims', {
      uscc: creditCode('410702', 901), name: '红旗区新锐机械有限公司', kind: 'enterprise', region: '410702', sector: 'lifting', licenceFile,
    });
    expect(claim).toMatchObject({ status: 'pending' });
    expect(await code(stranger.api.post('/api/v1/diagnosis', { need: '想做数字化诊断，车间设备联网' }))).toBe('FORBIDDEN');
    const county = await j.city.staff('county');
    const { items } = await county.get('/api/v1/organisations/claims');
    const [waiting] = items.filter((item: { name: string }) => item.name === '红旗区新锐机械有限公司');
    const newsOf = (api: typeof county, text: string) => j.city.until(`the news “${text}”`, async () =>
      (await api.get('/api/v1/inbox')).items.find((item: { procedure: string; text: string }) => item.procedure === 'claim' && item.text.includes(text)));
    expect(await newsOf(county, '待核验')).toMatchObject({ task: true, no: null });
    expect(await county.get(`/api/v1/files/${licenceFile}`)).toMatchObject({ id: licenceFile });
    await county.post(`/api/v1/organisations/claims/${waiting.id}/decide`, { decision: 'approve' });
    expect(await newsOf(stranger.api, '已通过核验')).toMatchObject({ task: false, no: null });
    const [card] = await j.city.until('the card on the claimant\'s phone', async () => { const cards = await stranger.cards(); return cards.length > 0 ? cards : undefined; });
    expect(JSON.stringify(card)).toContain('单位认领');
    expect(JSON.stringify(card)).not.toContain('新锐');
    const me = await stranger.api.get('/api/v1/me');
    expect(me.organisations).toMatchObject([{ name: '红旗区新锐机械有限公司', role: 'owner' }]);
  });

  it('2: an owner invites a colleague with narrower powers and removes them again; both take effect at once', async () => {
    const owner = await j.city.phone('owner');
    const org = j.city.org('owner');
    await owner.actFor(org, 'enterprise');
    const invitation = await owner.api.post(`/api/v1/organisations/${org}/members`, { phone: '13911110002', powers: ['view'] });
    const colleague = await arrive('13911110002', '同事');
    await colleague.api.post(`/api/v1/invitations/${invitation.id}/accept`);
    await colleague.actFor(org, 'enterprise');
    expect(await code(colleague.api.post('/api/v1/diagnosis', { need: '想做数字化诊断，车间设备联网' }))).toBe('FORBIDDEN');
    expect(await code(colleague.api.get('/api/v1/cases'))).toBe('accepted');
    await owner.api.remove(`/api/v1/organisations/${org}/members/${colleague.me.person.id}`);
    expect((await colleague.api.get('/api/v1/me')).organisations).toEqual([]);
    expect(await code(colleague.api.get(`/api/v1/organisations/${org}/members`))).toBe('NOT_FOUND');
  });

  it('2: signing out ends the token at once', async () => {
    const visitor = await arrive('13911110003', '访客');
    await visitor.api.remove('/api/v1/session');
    expect(await code(visitor.api.get('/api/v1/me'))).toBe('UNAUTHENTICATED');
  });
});
