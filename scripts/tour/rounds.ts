import type { CaseView } from '../../miniprogram/services/types';
import type { PhoneInHand } from '../browser/phone';
import { ApiProblem } from '../client/http';
import type { Guide } from './guide';
import type { WatchedCity } from './watched-city';

const PHONE_NAMES: Record<string, string> = { owner: '企业', owner2: '企业二', provider: '服务商', provider2: '服务商乙', citizen: '公众' };
const PLAIN_PHONE_PAGES = ['pages/chat/index', 'pages/home/index', 'pages/cases/index', 'pages/inbox/index', 'pages/me/index'];
const FURTHER_PHONE_PAGES = ['public/register/index', 'public/notices/index', 'public/receipt/index', 'mine/claim/index', 'mine/members/index', 'mine/openings/index'];
const PROVIDERS_PAGE = 'provider/tasks/index';
const STAFF_LOOKING = ['intake', 'reviewer', 'reviewer2', 'director', 'expert1', 'agency', 'supervisor'];

const nameOf = (who: string): string => PHONE_NAMES[who] ?? who;

/** Every page that needs no case, on the phones of these people. */
export async function roundOfPhones(guide: Guide, stage: string, people: readonly string[]): Promise<void> {
  for (const who of people) {
    const part = `小程序 · ${stage} · ${nameOf(who)}`;
    for (const route of [...PLAIN_PHONE_PAGES, ...(who === 'citizen' || stage === '空' ? FURTHER_PHONE_PAGES : []), ...(who.startsWith('provider') ? [PROVIDERS_PAGE] : [])]) {
      const phone = await guide.phone(who);
      // Acting for nobody, one has no members to look at.
      if (who === 'citizen') phone.expected.add(404);
      await guide.openOnPhone(who, route, part, route.replace(/\/index$/, ''));
    }
  }
}

/** Pages about one provider and one notice, wherever their lists lead. */
export async function roundOfPublicRecords(guide: Guide, city: WatchedCity): Promise<void> {
  const { items: providers } = await city.api.get<{ items: { id: string; standing: string }[] }>('/api/v1/providers?limit=100');
  for (const standing of ['listed', 'removed']) {
    const provider = providers.find((one) => one.standing === standing)!;
    await guide.openOnPhone('citizen', `public/provider/index?id=${provider.id}`, '小程序 · 公开信息', `服务商 ${standing}`);
    await guide.openAtDesk('director', `/providers/${provider.id}`, '工作台 · 公开信息', `服务商 ${standing}`);
  }
  const { items: notices } = await city.api.get<{ items: { id: string }[] }>('/api/v1/notices?limit=1');
  await guide.openOnPhone('citizen', `public/notice/index?id=${notices[0]!.id}`, '小程序 · 公开信息', '公告');
}

/** Each thing that can be begun on the page of to-dos, with its form. */
export async function roundOfBeginnings(guide: Guide, people: readonly string[]): Promise<void> {
  for (const who of people) {
    const phone = await guide.phone(who);
    await phone.open('pages/home/index');
    await phone.text('可以办理').waitFor();
    const options = await phone.page.locator('.wxw-page:not([hidden]) .option').all();
    const titles = await Promise.all(options.map((option) => option.getAttribute('aria-label')));
    for (const title of titles.filter((one) => one !== null)) {
      await phone.open('pages/home/index');
      await phone.button(title).tap();
      await guide.shoot(phone.page, `小程序 · 可以办理 · ${nameOf(who)}`, title);
    }
  }
}

/** Every page of the menu as these colleagues see it. */
export async function roundOfDesks(guide: Guide, stage: string, people: readonly string[]): Promise<void> {
  for (const who of people) {
    const desk = await guide.desk(who);
    await desk.page.goto('/console');
    const menu = desk.page.getByRole('navigation', { name: '主菜单' });
    await menu.waitFor();
    for (const link of await menu.getByRole('link').all()) {
      const title = (await link.innerText()).replace(/\s*\d+\+?$/, '');
      await link.click();
      await desk.page.locator('main h1').waitFor();
      await guide.shoot(desk.page, `工作台 · ${stage} · ${who}`, title);
    }
  }
}

/** A case at each state its story passes, for everybody who may see it, with the form of each move. */
export function roundOfCases(guide: Guide, city: WatchedCity): WatchedCity['onStep'] {
  return async ({ no, by, when }) => {
    if (when === 'before' && by) await (by.kind === 'phone' ? caseOnPhone(guide, city, by.key, no) : caseAtDesk(guide, city, by.key, no));
    if (when === 'before') return;
    for (const who of Object.keys(PHONE_NAMES)) await caseOnPhone(guide, city, who, no);
    for (const who of STAFF_LOOKING) if (await caseAtDesk(guide, city, who, no)) break;
  };
}

type Seen = Pick<CaseView, 'title' | 'state' | 'moves'>;

/** What the open case offers, by the words on its buttons; one may stand for several moves. */
async function buttonsOn(phone: PhoneInHand): Promise<string[]> {
  const shown = await phone.page.locator('.wxw-page:not([hidden]) .foot .move, .wxw-page:not([hidden]) .giving-up button').allInnerTexts();
  return shown.map((text) => text.trim()).filter(Boolean);
}

/** States already looked at by this person with these moves. */
const seenOnPhone = new Set<string>();

async function caseOnPhone(guide: Guide, city: WatchedCity, who: string, no: string): Promise<void> {
  const view = await readAs((await city.phone(who)).api, no);
  if (!view) return;
  const part = `小程序 · ${view.title} · ${nameOf(who)}`;
  const looked = `${part} ${view.state.title} ${view.moves.map(({ move }) => move).join()}`;
  if (seenOnPhone.has(looked)) return;
  seenOnPhone.add(looked);
  const phone = await guide.openOnPhone(who, `pages/case/index?no=${no}`, part, view.state.title);
  for (const title of await buttonsOn(phone)) {
    const name = `${view.state.title} · ${title}`;
    if (guide.album.has(part, name)) continue;
    await phone.openCase(no);
    await phone.button(title).last().tap();
    await guide.shoot(phone.page, part, name);
  }
}

/** Whether this colleague may see it. */
async function caseAtDesk(guide: Guide, city: WatchedCity, who: string, no: string): Promise<boolean> {
  const view = await readAs(await city.staff(who), no);
  if (!view) return false;
  const part = `工作台 · ${view.title}`;
  const moves = view.moves.filter(({ title }) => !guide.album.has(part, `${view.state.title} · ${title}`));
  if (guide.album.has(part, view.state.title) && moves.length === 0) return true;
  const desk = await guide.openAtDesk(who, `/cases/${no}`, part, view.state.title);
  for (const { title } of moves) {
    await desk.page.locator('.move-button', { hasText: title }).first().click();
    await guide.shoot(desk.page, part, `${view.state.title} · ${title}`);
    await desk.page.getByRole('button', { name: '收起' }).first().click();
  }
  return true;
}

const readAs = (api: { get<T>(path: string): Promise<T> }, no: string): Promise<Seen | null> =>
  api.get<Seen>(`/api/v1/cases/${no}`).catch((error: unknown) => { if (error instanceof ApiProblem && (error.status === 403 || error.status === 404)) return null; throw error; });
