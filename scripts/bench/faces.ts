import { DESK_SIZE } from '../browser/desk';
import { readyChromium } from '../browser/fetch-chromium';
import type { PhoneInHand } from '../browser/phone';
import { startWorld, type World } from '../browser/world';
import { median, quantile } from './load';

/** Milliseconds in Chromium, as somebody in front of the screen would count them; the browser driver's own steps are within. */
export interface Faces {
  /** From the address to the chat that can be written in. */
  chatMs: number;
  /** From the tap on 发送 to the answer on the screen. */
  turnMs: { median: number; p95: number };
  /** From the address to the console's first view, signed out and at one's queue. */
  consoleMs: { signIn: number; queue: number };
}

const OPENINGS = 7;
const ROUNDS = 6;
const QUESTIONS = ['办理要收费吗', '举报会不会泄露我的身份', '验收不通过怎么办', '方案改了要重新备案吗'];
const BUBBLES = `document.querySelectorAll('[class*="bubble"]:not([role="status"])').length`;

/** A product of its own with nobody else on it; each opening is a browser that has never been there. */
export async function faces(): Promise<Faces> {
  process.env['CHROMIUM'] ??= readyChromium() ?? '';
  const world = await startWorld();
  try {
    const chat: number[] = [];
    for (let i = 0; i < OPENINGS; i += 1) {
      const phone = await world.phone('owner');
      chat.push(await timed(() => openChat(phone)));
      await phone.context.close();
    }
    const talker = await world.phone('owner2');
    await openChat(talker);
    const turns: number[] = [];
    for (let turn = 0; turn < ROUNDS * QUESTIONS.length; turn += 1) turns.push(await ask(talker, QUESTIONS[turn % QUESTIONS.length]!));
    return { chatMs: ms(median(chat)), turnMs: { median: ms(median(turns)), p95: ms(quantile(turns, 0.95)) }, consoleMs: await consoleViews(world) };
  } finally {
    await world.stop();
  }
}

async function openChat(phone: PhoneInHand): Promise<void> {
  await phone.open();
  await phone.field('输入消息').waitFor();
  await phone.text('这里是数转通智能助手').waitFor();
}

async function ask(phone: PhoneInHand, question: string): Promise<number> {
  const before = await phone.page.evaluate(BUBBLES) as number;
  await phone.field('输入消息').fill(question);
  return timed(async () => {
    await phone.button('发送').tap();
    await phone.page.waitForFunction(`${BUBBLES} >= ${before + 2}`);
  });
}

async function consoleViews(world: World): Promise<Faces['consoleMs']> {
  const signIn: number[] = [];
  const queue: number[] = [];
  for (let i = 0; i < OPENINGS; i += 1) {
    const { context, page } = await world.desk();
    signIn.push(await timed(async () => {
      await page.goto('/console');
      await page.getByLabel('登录名').waitFor();
    }));
    await context.close();
  }
  const known = await world.desk('reviewer');
  // The cookies and what the page keeps beside them; the cache stays behind.
  const storageState = await known.context.storageState();
  await known.context.close();
  for (let i = 0; i < OPENINGS; i += 1) {
    const context = await world.browser.newContext({ viewport: DESK_SIZE, baseURL: world.url, locale: 'zh-CN', storageState });
    const page = await context.newPage();
    queue.push(await timed(async () => {
      await page.goto('/console/queue');
      await page.getByRole('heading', { name: '我的队列' }).waitFor();
      // The queue itself, with what lies in it or with the word that nothing does.
      await page.getByRole('heading', { level: 2 }).or(page.getByText('现在没有任务')).first().waitFor();
    }));
    await context.close();
  }
  return { signIn: ms(median(signIn)), queue: ms(median(queue)) };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

const ms = (value: number): number => Math.round(value);
