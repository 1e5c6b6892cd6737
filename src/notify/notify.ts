import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { personTag } from '../kernel/actor';
import type { Case } from '../kernel/case';
import type { Procedure } from '../kernel/procedure';
import type { Handlers } from '../kernel/work';
import type { Rulebook } from '../rulebook/rulebook';
import type { PushMessage } from '../wechat/push';
import type { ClaimNews } from '../register/claims';
import { awaitedOf, enteredBy, holderOf, toldOf, type RecipientsOf } from './audience';
import { createConsents } from './consents';
import { createDeliveries, type DeliveryDeps, type SmsAdapter } from './delivery';
import { createDesk } from './desk';
import { createInbox, type InboxItem } from './inbox';
import type { Publish } from './live';
import { createNotices, type Notice } from './notices';
import { checkTemplates, type Templates } from './templates';
import { cardFacts, CLAIM_WORDS, claimCard, DISCREET, type SupervisorCause } from './wording';

export interface NotifyDeps {
  connection: Connection;
  city: string;
  procedures: ReadonlyMap<string, Procedure>;
  wechat: DeliveryDeps['wechat'];
  recipientsOf: RecipientsOf;
  templates: Templates;
  rulebook(version?: number): Promise<Rulebook>;
  publish: Publish;
  now: () => Date;
  log: Logger;
  /** Off unless given. */
  smsAdapter?: SmsAdapter;
  /** Also told in the customer-service chat, to who dealt with the case there. */
  converse?(news: { no: string; person: string; key: string; text: string }): Promise<void>;
  /** Path of the mini-program's case page, without a slash in front; the case number goes into its query as `no`. */
  casePage?: string;
}

const AT_ONCE = 10;
/** What a colleague answers there comes in their own words. */
const ANSWERED_THERE: readonly string[] = ['service'];
const CLAIM_PAGE = 'mine/claim/index';
const PAUSED_AGAIN_MS = 24 * 3_600_000;

export type Notify = ReturnType<typeof createNotify>;

/** Tells people what concerns them: the inbox first, then a WeChat card where one may be sent. */
export function createNotify(deps: NotifyDeps) {
  const { connection, city, procedures, recipientsOf, templates, publish, now, log } = deps;
  const casePage = deps.casePage ?? 'pages/case/index';
  checkTemplates(templates);
  const ours = new Map(Object.values(templates).map((template) => [template.id, template.longTerm === true]));

  const notices = createNotices({ recipientsOf, rulebook: deps.rulebook, now });
  const consents = createConsents({ connection, city, isLongTerm: (template) => ours.get(template), now });
  const inbox = createInbox({
    connection, city, now,
    onLooked: (person) => deliveries.looked(person),
    changed: (person) => publish(person, { kind: 'inbox' }),
  });
  const deliveries = createDeliveries({
    connection, city, wechat: deps.wechat, templates, consents, fellBack: inbox.fellBack, now, log,
    ...(deps.smsAdapter ? { smsAdapter: deps.smsAdapter } : {}),
  });

  async function prepare(): Promise<void> {
    await Promise.all([inbox.prepare(), consents.prepare(), deliveries.prepare()]);
  }

  async function tell(procedure: Procedure, c: Case<any>, notice: Notice): Promise<void> {
    const { to, kind, task, no, seq, entry, discreet, due, flagAt, outcome } = notice;
    const key = `${c.no}:${notice.event}:${to.person}`;
    const { seenAt } = await inbox.put({
      person: to.person, key, tag: to.tag, no, seq, procedure: procedure.name, discreet, ...notice.words, article: entry.article, task, due, flagAt, outcome,
    });
    if (seenAt) return;
    // A card lies on a lock screen, so it is discreet towards everybody; so does a message.
    const matter = { procedure, discreet: discreet || DISCREET.includes(procedure.name) };
    if (no && !matter.discreet && !ANSWERED_THERE.includes(procedure.name)) {
      await deps.converse?.({ no, person: to.person, key, text: `${notice.words.title} ${no}：${notice.words.text}详情请回复编号，或打开小程序查看。` });
    }
    await deliveries.deliver({
      key, person: to.person, openid: to.openid, kind, task, outsider: notice.outsider,
      facts: cardFacts(matter, kind, no, notice.state, due ?? entry.at),
      page: no ? `${casePage}?no=${encodeURIComponent(no)}` : casePage,
    });
  }

  /** One person who cannot be told keeps nobody else from being told; the event is then tried again. */
  async function tellAll(procedure: Procedure, c: Case<any>, all: readonly Notice[]): Promise<void> {
    const failed: unknown[] = [];
    for (let start = 0; start < all.length; start += AT_ONCE) {
      const told = await Promise.allSettled(all.slice(start, start + AT_ONCE).map((notice) => tell(procedure, c, notice)));
      failed.push(...told.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])));
    }
    if (failed.length > 0) throw failed[0];
  }

  /** Tells the parties a move names and those the case now waits for; a person both told and awaited gets the task alone. Harmless twice. */
  const notify: Handlers['notify'] = async ({ case: c, entry, move, procedure }) => {
    if (entry.by.role !== 'system') await inbox.acted(entry.by.person, c.no, entry.seq);
    await inbox.done(c.no, enteredBy(procedure, c).seq, [...c.waitsOn, ...holderOf(c).map(({ tag }) => tag)]);
    const tasks = await notices.tasksOf(procedure, c);
    const news = await notices.newsOf(procedure, c, entry, toldOf(procedure, c, entry, move));
    const isTask = new Set(tasks.map(({ to, event }) => `${event} ${to.person}`));
    await tellAll(procedure, c, [...tasks, ...news.filter(({ to, event }) => !isTask.has(`${event} ${to.person}`))]);
  };

  /** A clock at half-time or run out: those awaited, or the reviewer who holds the case; run out, the supervisors first. Harmless twice. */
  const remind: Handlers['remind'] = async (c, kind) => {
    const procedure = procedures.get(c.procedure);
    if (!procedure || !c.clock) return;
    if (kind === 'overdue') await tellSupervisors(procedure, c, 'overdue', c.clock.seq);
    await tellAll(procedure, c, await notices.remindersOf(procedure, c, kind));
  };

  /** Nobody takes the case from its desk: for the supervisors, once for each round on the desk. */
  async function unclaimed(c: Case<any>): Promise<void> {
    const procedure = procedures.get(c.procedure);
    if (procedure && c.task) await tellSupervisors(procedure, c, 'unclaimed', c.task.seq);
  }

  /** Tells a general notice, such as a batch of acceptance, to those it concerns, page by page. Harmless twice. */
  async function invite(no: string, seq: number, pages: AsyncIterable<readonly string[]>): Promise<void> {
    const c = await connection.collection<Case<any>>('cases').findOne({ city, no });
    const procedure = c && procedures.get(c.procedure);
    const entry = c?.timeline[seq - 1];
    // A window that closed meanwhile invites nobody any more.
    if (!c || !procedure || !entry || procedure.states[c.state]?.end) return;
    for await (const tags of pages) await tellAll(procedure, c, await notices.invitationsOf(procedure, c, entry, tags));
  }

  /** News of a claim, which is no case: the desk has a task, the claimant a result. Harmless twice. */
  async function tellClaim({ key, about, to, claimant, at }: ClaimNews): Promise<void> {
    const task = about === 'waiting';
    for (const { person, openid } of to) {
      const own = `${key}:${person}`;
      const { seenAt } = await inbox.put({
        person, key: own, tag: personTag(person), seq: 0, procedure: 'claim', discreet: false, ...CLAIM_WORDS[about], article: '4.6', task,
      });
      if (seenAt) continue;
      await deliveries.deliver({
        key: own, person, openid, kind: task ? 'task' : 'result', task, outsider: task ? claimant : undefined, facts: claimCard(about, at), page: CLAIM_PAGE,
      });
    }
  }

  async function tellSupervisors(procedure: Procedure, c: Case<any>, cause: SupervisorCause, seq: number): Promise<void> {
    const supervisors = await notices.supervisorsOf(procedure, c, cause, seq);
    if (supervisors.length === 0) log.error({ no: c.no, cause }, 'notify: there is no supervisor to tell');
    await tellAll(procedure, c, supervisors);
  }

  /** Ends task messages that nobody saw in time, and sends that died half-way. Run it every minute, by any number of processes. */
  async function sweep(limit = 500): Promise<{ flagged: number; settled: number; abandoned: number }> {
    const abandoned = await deliveries.sweep();
    const ended = { flagged: 0, settled: 0 };
    for (const item of await inbox.unseenTasks(limit)) {
      try {
        const outcome = await endingOf(item);
        if (outcome && (await inbox.end(item, outcome))) ended[outcome] += 1;
      } catch (error) {
        log.error({ err: error, no: item.no }, 'notify: an unseen task could not be ended');
      }
    }
    return { ...ended, abandoned };
  }

  /** Null: not to be ended yet. */
  async function endingOf(item: InboxItem): Promise<'flagged' | 'settled' | null> {
    const c = await connection.collection<Case<any>>('cases').findOne({ city, no: item.no ?? '' });
    const procedure = c && procedures.get(c.procedure);
    if (!c || !procedure || !isStillAwaited(procedure, c, item) || (await inbox.isSeenByColleague(item))) return 'settled';
    if (c.clock?.pausedAt) {
      await inbox.postpone(item, new Date(now().getTime() + PAUSED_AGAIN_MS));
      return null;
    }
    // The supervisors first: after a crash in between they are told again under the same key, which is once.
    await tellSupervisors(procedure, c, 'unseen', item.seq);
    return 'flagged';
  }

  /** Subscribe events pushed by WeChat; any other push is none of ours. Harmless twice. */
  async function onSubscribeEvent(message: PushMessage): Promise<void> {
    if (message.kind === 'consents') await consents.onPush(message);
    if (message.kind === 'sent') await deliveries.onPush(message);
  }

  const { list, count, see, seeAll } = inbox;
  return {
    prepare, notify, remind, unclaimed, invite, tellClaim, sweep, onSubscribeEvent,
    inbox: { list, count, see, seeAll },
    consents: createDesk({ consents, templates, recipientsOf, now }),
  };
}

const isStillAwaited = (procedure: Procedure, c: Case<any>, { seq, tag }: InboxItem): boolean =>
  enteredBy(procedure, c).seq === seq && [...awaitedOf(procedure, c), ...holderOf(c)].some((one) => one.tag === tag);
