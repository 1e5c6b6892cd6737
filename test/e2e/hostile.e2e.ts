import type { Page } from 'playwright-core';
import { startWorld, type World } from '../../scripts/browser/world';
import { pdf } from '../../scripts/demo/papers';

let world: World;
beforeAll(async () => { world = await startWorld(); });
afterAll(() => world?.stop());

/** What would run, were it ever taken for more than text: in markup, in an attribute, in a template, in a link. */
const HOSTILE = `<img src=x onerror="window.__ran=1"><svg onload=window.__ran=1></svg>"'><script>window.__ran=1</script>{{constructor.constructor('window.__ran=1')()}} javascript:window.__ran=1`;
const START = '<img src=x onerror';

/** Nothing of it ran, and nothing of it became an element. */
async function isOnlyText(page: Page): Promise<void> {
  const found = await page.evaluate('({ ran: window.__ran ?? null, images: document.querySelectorAll(\'img[src="x"]\').length, vectors: document.querySelectorAll("svg[onload]").length })');
  expect([page.url(), found]).toEqual([page.url(), { ran: null, images: 0, vectors: 0 }]);
}

/** A complaint with everything hostile in it, answered and settled in kind; its number. */
async function hostileComplaint(): Promise<string> {
  const { city } = world;
  const [owner, provider] = await Promise.all([city.phone('owner'), city.phone('provider2')]);
  const evidence = await city.upload(owner.api, `${START}.pdf`, await pdf('Paper'), 'application/pdf');
  const { no } = await city.open(owner.api, 'complaint', { provider: city.org('provider2'), matters: ['staff'], text: HOSTILE, wish: HOSTILE, evidence: [evidence] }, 'filed');
  await city.act(await city.take(no, 'intake'), no, 'accept', {}, 'accepted');
  await city.act(provider.api, no, 'reply', { reply: HOSTILE }, 'answered');
  await city.act(await city.take(no, 'reviewer', 'reviewer2'), no, 'settle', { result: 'upheld', finding: HOSTILE }, 'settled');
  await owner.api.post('/api/v1/chat', { text: HOSTILE });
  return no;
}

async function hostileBatch(): Promise<string> {
  const { city } = world;
  const director = await city.staff('director');
  const { items } = await director.get<{ items: any[] }>('/api/v1/openings');
  const first = (name: string): string[] => [items.find(({ procedure }) => procedure === 'batch').form.find((field: any) => field.name === name).options[0].value];
  return (await city.open(director, 'batch', { title: `${START}=1>验收`, notice: HOSTILE, documents: first('documents'), conditions: first('conditions') }, 'announced')).no;
}

describe('H3: text from outside stays text', () => {
  it('on every page of the console that shows it, for reviewer, director and supervisor', async () => {
    const [complaint, batch] = await Promise.all([hostileComplaint(), hostileBatch()]);
    for (const who of ['reviewer', 'director', 'supervisor']) {
      const desk = await world.desk(who);
      await desk.page.goto('/console');
      const menu = desk.page.getByRole('navigation', { name: '主菜单' });
      await menu.waitFor();
      for (const link of await menu.getByRole('link').all()) {
        await link.click();
        await desk.page.locator('main h1').waitFor();
        await desk.page.waitForLoadState('networkidle');
        await isOnlyText(desk.page);
      }
      for (const no of [complaint, batch]) {
        await desk.openCase(no);
        await desk.text(START).waitFor();
        await isOnlyText(desk.page);
      }
      await desk.page.goto(`/console/cases?q=${encodeURIComponent(HOSTILE.slice(0, 40))}`);
      await desk.page.locator('main h1').waitFor();
      await isOnlyText(desk.page);
      await desk.endsWell();
    }
  }, 240_000);

  it('on the phones of both parties and of the public', async () => {
    const [complaint, batch] = await Promise.all([hostileComplaint(), hostileBatch()]);
    for (const [who, numbers] of [['owner', [complaint, batch]], ['provider2', [complaint, batch]], ['citizen', [batch]]] as const) {
      const phone = await world.phone(who);
      for (const no of numbers) {
        await phone.openCase(no);
        await phone.text(START).waitFor();
        await isOnlyText(phone.page);
      }
      for (const route of ['pages/chat/index', 'pages/home/index', 'pages/cases/index', 'pages/inbox/index', 'public/notices/index']) {
        await phone.open(route);
        await phone.page.waitForLoadState('networkidle');
        await isOnlyText(phone.page);
      }
      await phone.endsWell();
    }
  }, 240_000);
});
