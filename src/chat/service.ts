import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { SYSTEM, type Actor } from '../kernel/actor';
import type { Kernel } from '../kernel/kernel';
import { Refusal } from '../kernel/refusal';
import type { Logger } from '../log';
import type { Context, Step } from './context';
import { wantKey } from './context';
import { settle, turn } from './dialogue';
import type { ChatRole } from './intents';
import { createLookUps, type LookUpDeps } from './lookups';
import type { Outbound } from './outbound';
import { say as sentence, type Reply } from './replies';
import type { ChatEffect, Message, Outcome, Session } from './session';
import { blot } from './text';
import { createStore, type SessionDoc, type Who } from './store';

export interface ChatDeps {
  connection: Connection;
  city: string;
  kernel: Kernel;
  people: LookUpDeps['people'];
  quote: LookUpDeps['quote'];
  /** Tells somebody in WeChat's customer-service chat, where that is where they asked. */
  tell: Outbound['tell'];
  now: () => Date;
  log: Pick<Logger, 'warn' | 'error'>;
}

export interface SayOptions {
  /** The client's key of this message; the same key again gets the same answer and does nothing twice. */
  key?: string;
  channel?: Who['channel'];
}

/** Look-ups of one turn; more than this means that the turn asks in circles. */
const WANTS_MAX = 40;
const TRIES = 8;

export type Chat = ReturnType<typeof createChat>;

/** The chat-bot as a service: keeps sessions, looks up what a turn asks for, and carries out what was confirmed through the kernel. */
export function createChat(deps: ChatDeps) {
  const { kernel, now, log } = deps;
  const store = createStore(deps);
  const lookUp = createLookUps(deps);

  const whoIs = (actor: Actor, channel: Who['channel']): Who => ({ person: actor.person, party: actor.org ?? 'self', channel });

  /** Says one thing for the actor and answers what the bot says to it. */
  async function say(actor: Actor, message: Message, { key = randomUUID(), channel = 'page' }: SayOptions = {}): Promise<Reply[]> {
    if (actor.kind !== 'wechat') throw new Refusal('FORBIDDEN', { detail: '智能助手为企业、服务商和公众服务' });
    const who = whoIs(actor, channel);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const doc = await store.load(who);
      const earlier = doc.answers.find((one) => one.key === key);
      if (earlier) return earlier.replies;
      if (doc.pending) {
        await finish(actor, who, doc);
        continue;
      }
      const step = await thought(actor, channel, (context) => turn(doc.session, message, context));
      // A turn in which nothing is said leaves everything as it was.
      if (!step.effect && step.replies.length === 0) return [];
      if (!step.effect) {
        if (!(await store.save(doc, step.session, key, step.replies))) continue;
        await store.note(who, { key, ...saidIn(message, doc.session), from: 'bot', replies: step.replies });
        return step.replies;
      }
      // What is about to be done is written down first: should this process die, the next message finishes it, once.
      // Who somebody is goes to the kernel only, never into what is kept; a process that dies here has it asked again.
      const { sealed, ...told } = 'pick' in message ? message : { ...message, sealed: undefined };
      if (!(await store.hold(doc, step.session, { effect: step.effect, key, message: told as Message, before: step.replies }))) continue;
      const held = await store.load(who);
      const answers = held.pending ? await finish(actor, who, held, held.pending.key === key ? sealed : undefined) : held.answers.find((one) => one.key === key)?.replies;
      if (answers) return answers;
    }
    throw new Refusal('STALE', { detail: '消息发送过快，请稍后再试' });
  }

  /** Carries out a commit that is written down, and answers it. Safe to do twice: the kernel knows its key. */
  async function finish(actor: Actor, who: Who, doc: SessionDoc, sealed?: Record<string, string>): Promise<Reply[]> {
    const { effect, key, message, before } = doc.pending!;
    const outcome = await carryOut(actor, sealed ? { ...effect, input: { ...effect.input, ...sealed } } : effect);
    const step = await thought(actor, who.channel, (context) => settle(doc.session, effect, outcome, context));
    const replies = [...before, ...step.replies];
    if (await store.save(doc, step.session, key, replies)) await store.note(who, { key, ...saidIn(message, doc.session), from: 'bot', replies });
    return replies;
  }

  async function carryOut(actor: Actor, effect: ChatEffect): Promise<Outcome> {
    try {
      const receipt = effect.kind === 'open'
        ? await kernel.open(actor, effect.procedure, effect.move, effect.input, { key: effect.key })
        : await kernel.act(actor, effect.no!, effect.move, effect.input, { key: effect.key });
      return { receipt };
    } catch (error) {
      if (error instanceof Refusal && error.code !== 'UNAVAILABLE') {
        const { code, detail, faults, article } = error;
        return { refusal: { code, detail, faults, ...(article ? { article } : {}) } };
      }
      // Nobody can say whether it took effect; the same key may be tried again.
      log.error({ err: error, procedure: effect.procedure, move: effect.move }, 'chat: a confirmed form could not be carried out');
      return { unknown: true };
    }
  }

  /** Runs a pure step, looking up what it asks for until it asks no more. */
  async function thought(actor: Actor, channel: Who['channel'], run: (context: Context) => Step): Promise<Exclude<Step, { wants: unknown }>> {
    const found = new Map<string, unknown>();
    const role = (['enterprise', 'provider', 'citizen'] as const).find((one) => actor.roles.includes(one)) as ChatRole | undefined;
    const context: Context = { now: now(), channel, ...(role ? { role } : {}), openings: kernel.openings(actor), procedures: kernel.procedures, found };
    for (let round = 0; round < WANTS_MAX; round += 1) {
      const step = run(context);
      if (!('wants' in step)) return step;
      for (const want of step.wants) found.set(wantKey(want), await lookUp(actor, want));
    }
    throw new Error('chat: a turn asks in circles');
  }

  /** What was said to this person in this capacity, oldest first; `next` continues after the last. */
  async function history(actor: Actor, query: { after?: string; before?: string; limit: number }) {
    const exchanges = await store.history(whoIs(actor, 'page'), query);
    return {
      items: exchanges.map(({ _id, at, said, from, replies }) => ({ id: _id.toHexString(), at: at.toISOString(), from, said: said ?? null, replies })),
      next: exchanges.at(-1)?._id.toHexString() ?? query.after ?? null,
    };
  }

  /**
   * Puts an agent's answer of a 人工服务 case into the chat history of the person who asked, and into WeChat's customer-service chat where
   * they asked there. A service for effects: idempotent by the case and line that caused it.
   */
  async function deliver(_input: Record<string, unknown>, { no, seq }: { no: string; seq: number }): Promise<void> {
    const c = await kernel.find(SYSTEM, no);
    const at = c.timeline.find((entry) => entry.seq === seq)?.at.toISOString();
    const line = (c.data['lines'] as { from: string; text: string; at: string }[]).find((one) => one.from === 'agent' && one.at === at);
    const person = c.parties['person']?.[0]?.replace(/^person:/, '');
    const party = c.parties['organisation']?.[0]?.replace(/^org:/, '') ?? 'self';
    if (!line || !person) return;
    const [key, text] = [`agent-${no}-${seq}`, `工作人员答复（${no}）：${line.text}`];
    await store.note({ person, party }, { key, from: 'agent', replies: [sentence(text, [{ label: '查看这件', pick: `case:${no}` }])] });
    await deps.tell({ no, person, key, text: `${text}\n要补充或追问，请回复编号 ${no}。` });
  }

  return { say, history, deliver, prepare: store.prepare };
}

/** Nothing where nobody said anything: the page was opened. */
const saidIn = (message: Message, session: Session): { said?: string } => ('pick' in message && message.pick.startsWith('invite:') ? {} : { said: blotted(message, session) });

/** What history keeps of a message: no identity numbers, no phone numbers; a tap by the words on its button. */
function blotted(message: Message, session: Session): string {
  if ('text' in message) return blot(message.text);
  if ('values' in message) return '（填写表单）';
  const kind = message.pick.split(':')[0];
  return { confirm: '确认提交', cancel: '取消', human: '转人工', progress: '查进度', menu: '能办什么', skip: '跳过', start: '开始办理', case: '查看案件' }[kind!] ?? `（选择${session.form?.title ?? ''}）`;
}
