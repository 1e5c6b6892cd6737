import { setTimeout as sleep } from 'node:timers/promises';
import type { Receipt } from '../../src/kernel/case';
import type { CaseLine, CaseView, MoveView } from '../../src/kernel/view';
import type { QueueView } from '../../src/review/queue';
import { Caller, type Journal } from './caller';
import { fill, type World } from './forms';
import type { Person } from './people';
import type { Random } from './random';

export interface TrafficDeps {
  people: readonly Person[];
  urls: readonly string[];
  journal: Journal;
  random: Random;
  /** Whether to go on; asked before each step. */
  more(): boolean;
  /** After each acknowledged write. */
  onReceipt(receipt: Receipt): Promise<void>;
}

/** Ways out of a case: taken now and then, so that most go on to their end. */
const WAYS_OUT = /^(withdraw|refuse|reject|decline|handBack|unverifiable|disagree|dispute|object|sendBack|return|stepAside|recuse|pause|supplement|replace|cancel|terminate|change|fail)/;
const OPEN_SHARE = 0.25;
const RETURN_SHARE = 0.03;
const IDLE_MS = 150;
/** A real picture, as small as one can be. */
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Everybody goes about their business at once until `more` says no. Knows no procedure: what may be done and how, the product's own views say. */
export async function traffic(deps: TrafficDeps): Promise<void> {
  const providers = deps.people.filter(({ kind }) => kind === 'provider').map(({ org }) => org!);
  await Promise.all(deps.people.map((person) => busy(person, providers, deps)));
}

async function busy(person: Person, providers: readonly string[], deps: TrafficDeps): Promise<void> {
  const random = deps.random.fork();
  const caller = new Caller(person, deps.urls, deps.journal, random);
  const openings = ((await caller.get<{ items: (MoveView & { procedure: string })[] }>('/api/v1/openings')).body.items ?? []).map((item) => ({ ...item, refused: 0, opened: 0 }));

  const world = (data: Record<string, unknown>): World => ({ random, data, providers, caseFor, lessons, upload });

  const lessons = new Map<string, 'needed' | 'unwanted'>();

  // A refused form leaves its files with their owner, who may hold only so many: they serve for the next one.
  const spare: string[] = [];
  let given: string[] = [];
  async function upload(): Promise<string> {
    const id = spare.pop() ?? await caller.upload(PICTURE, 'photo.png', 'image/png');
    given.push(id);
    return id;
  }

  const list = async (query: string): Promise<CaseLine[]> => (await caller.get<{ items?: CaseLine[] }>(`/api/v1/cases?${query}`)).body.items ?? [];

  /** One's own case of the procedure that the field is named after; any of one's own otherwise. */
  async function caseFor(name: string): Promise<string | undefined> {
    const lines = await list(`limit=50${/^[a-zA-Z]{1,30}$/.test(name) ? `&procedure=${name}` : ''}`);
    const found = lines.length > 0 ? lines : await list('limit=50');
    const ended = found.filter(({ state }) => state.end);
    return found.length === 0 ? undefined : random.pick(ended.length > 0 ? ended : found).no;
  }

  async function send(path: string, form: string, input: Record<string, unknown>): Promise<boolean> {
    const answer = await caller.write(path, input);
    if (!answer.body.receipt) spare.push(...given);
    given = [];
    if (answer.body.receipt) await deps.onReceipt(answer.body.receipt);
    // What a rule says about a field beyond its form is remembered, as a person would.
    for (const { field } of answer.body.errors ?? []) lessons.set(`${form}.${field}`, field in input ? 'unwanted' : 'needed');
    return answer.status < 300;
  }

  async function open(): Promise<void> {
    const opening = random.weighted(openings.map((item) => [item, 1 / (1 + item.refused + item.opened)] as const));
    const form = `${opening.procedure}.${opening.move}`;
    const input = await fill(form, opening.form, world({}));
    if (await send(`/api/v1/${opening.procedure}/${opening.move}`, form, input)) Object.assign(opening, { refused: 0, opened: opening.opened + 1 });
    else opening.refused += 1;
  }

  /** Reads a case and makes one of the moves it offers. False when there was nothing to do. */
  async function goOn(no: string): Promise<boolean> {
    const { status, body: view } = await caller.get<CaseView>(`/api/v1/cases/${no}`);
    if (status !== 200 || view.moves.length === 0) return false;
    const made = (title: string) => view.timeline.filter((entry) => entry.title === title).length;
    const move = random.weighted(view.moves.map((one) => [one, (WAYS_OUT.test(one.move) ? 0.08 : 1) / (1 + made(one.title)) ** 2] as const));
    const form = `${view.procedure}.${move.move}`;
    const input = await fill(form, move.form, world(view.data));
    return send(`/api/v1/cases/${no}/${move.move}`, form, input);
  }

  /** Works on what lies in the queue: takes the next, goes on with one's own, gives one back now and then. */
  async function atTheDesk(): Promise<boolean> {
    const { body: queue } = await caller.get<QueueView>('/api/v1/queue');
    const waiting = [...(queue.offered ?? []), ...(queue.pool ?? []).slice(0, 3)];
    if (waiting.length > 0 && (queue.mine.length === 0 || random.chance(0.4))) {
      await caller.plain(random.chance(0.5) ? `/api/v1/queue/${random.pick(waiting).no}/claim` : '/api/v1/queue/next');
      return true;
    }
    if (!queue.mine?.length) return false;
    const { no } = random.pick(queue.mine);
    if (random.chance(RETURN_SHARE)) { await caller.plain(`/api/v1/queue/${no}/return`, { reason: 'workload' }); return true; }
    return goOn(no);
  }

  async function own(): Promise<boolean> {
    const waiting = await list('waiting=me&limit=50');
    const lines = waiting.length > 0 && random.chance(0.8) ? waiting : await list('limit=30');
    return lines.length > 0 && goOn(random.pick(lines).no);
  }

  while (deps.more()) {
    let did = false;
    if (person.kind === 'staff') did = await atTheDesk() || await own();
    else if (openings.length > 0 && random.chance(OPEN_SHARE)) { await open(); did = true; } else did = await own();
    await sleep(did ? random.between(0, 20) : IDLE_MS);
  }
}
