import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Api, ApiProblem } from '../client/http';
import { Phone } from '../client/phone';
import { signIn } from '../client/staff';
import type { Personas } from '../seed';

/** One step of the main job as the demo prints it. */
export interface Step {
  story: string;
  step: string;
  article: string;
  case?: string;
  outcome: string;
}

export interface Receipt { no: string; state: string; article: string; head: string; seq: number; move: string }

const PATIENCE_MS = 20_000;

/** The people of the demo, each acting over HTTP with their own phone or account, and a record of what they did. */
export class City {
  readonly steps: Step[] = [];
  private readonly staffApis = new Map<string, Api>();
  private readonly phones = new Map<string, Phone>();
  private story = '';

  constructor(
    readonly webUrl: string, readonly simulatorUrl: string, readonly personas: Personas,
    private readonly print: (step: Step) => void = () => undefined, readonly clock: () => Date = () => new Date(),
  ) {}

  /** Calendar day in Shanghai, `days` from now. */
  day(days = 0): string {
    return new Date(this.clock().getTime() + days * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
  }

  /** Everybody signs in anew at their next step: their tokens have run out meanwhile. */
  signOut(): void {
    this.staffApis.clear();
    this.phones.clear();
  }

  begin(story: string): void {
    this.story = story;
  }

  note(step: string, article: string, outcome: string, no?: string): void {
    const line = { story: this.story, step, article, ...(no ? { case: no } : {}), outcome };
    this.steps.push(line);
    this.print(line);
  }

  get api(): Api {
    return new Api(this.webUrl, undefined, PATIENCE_MS);
  }

  async phone(key: string): Promise<Phone> {
    const known = this.phones.get(key);
    if (known) return known;
    const persona = this.personas.phones[key]!;
    const phone = await Phone.signIn({ simulatorUrl: this.simulatorUrl, api: this.api, openid: persona.openid });
    this.phones.set(key, phone);
    return phone;
  }

  org(key: string): string {
    return this.personas.phones[key]!.org!;
  }

  async staff(login: string): Promise<Api> {
    const known = this.staffApis.get(login);
    if (known) return known;
    const api = await signIn(this.api, this.personas.staff[login]!.credentials, this.clock);
    this.staffApis.set(login, api);
    return api;
  }

  /** Opens a case and notes it. */
  async open(api: Api, procedure: string, input: object, step: string): Promise<Receipt> {
    const { receipt } = await api.post<{ receipt: Receipt }>(`/api/v1/${procedure}`, input);
    this.note(step, receipt.article, receipt.state, receipt.no);
    return receipt;
  }

  /** Makes a move and notes it. */
  async act(api: Api, no: string, move: string, input: object, step: string): Promise<Receipt> {
    const { receipt } = await api.post<{ receipt: Receipt }>(`/api/v1/cases/${no}/${move}`, input);
    this.note(step, receipt.article, receipt.state, receipt.no);
    return receipt;
  }

  /** Says things to the chat-bot one after the other; answers the receipt of what was confirmed, and notes it. */
  async chat(api: Api, step: string, ...lines: string[]): Promise<Receipt> {
    let replies: any[] = [];
    for (const text of lines) ({ replies } = await api.post<{ replies: any[] }>('/api/v1/chat', { text }));
    const receipt = replies.find((reply) => reply.type === 'receipt')?.receipt as Receipt | undefined;
    if (!receipt) throw new Error(`the chat-bot gave no receipt; it said: ${JSON.stringify(replies)}`);
    this.note(`${step} (chat: ${lines.join(' / ')})`, receipt.article, receipt.state, receipt.no);
    return receipt;
  }

  read(api: Api, no: string): Promise<any> {
    return api.get(`/api/v1/cases/${no}`);
  }

  /** The case comes to somebody's queue; whoever of these it is offered to takes it. */
  async take(no: string, ...logins: string[]): Promise<Api> {
    return this.until(`${no} in the queue of ${logins.join(' or ')}`, async () => {
      for (const login of logins) {
        const api = await this.staff(login);
        const claimed = await api.post(`/api/v1/queue/${no}/claim`).then(() => true, (error: unknown) => {
          if (error instanceof ApiProblem) return false;
          throw error;
        });
        if (claimed) return api;
      }
      return undefined;
    });
  }

  /** Waits for something that follows by itself (an effect, a message). */
  async until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found) return found;
      if (Date.now() > until) throw new Error(`waited ${PATIENCE_MS / 1000} s in vain for: ${what}`);
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }

  /** The newest case waiting for somebody, of one procedure. */
  async waiting(api: Api, procedure: string, matches: (line: any) => boolean = () => true): Promise<string> {
    return this.until(`a case of ${procedure} that waits`, async () => {
      const { items } = await api.get<{ items: any[] }>(`/api/v1/cases?waiting=me&procedure=${procedure}&limit=100`);
      return items.filter(matches).sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1))[0]?.no as string | undefined;
    });
  }

  async upload(api: Api, name: string, bytes: Buffer, type: string): Promise<string> {
    return (await api.upload('/api/v1/files', bytes, name, type)).id as string;
  }
}

/** Where `npm start` says the running system is, unless the environment says otherwise. */
export function runningSystem(): { webUrl: string; simulatorUrl: string; personas: Personas } {
  const data = path.resolve(process.env['DATA_DIR'] ?? '.data');
  const read = (name: string) => {
    try {
      return JSON.parse(readFileSync(path.join(data, name), 'utf8'));
    } catch {
      throw new Error(`${path.join(data, name)} is missing: start the system first (npm start), with its demo data.`);
    }
  };
  const { webUrl, simulatorUrl } = read('run.json');
  return { webUrl: process.env['WEB_URL'] ?? webUrl, simulatorUrl: process.env['WECHAT_SIM_URL'] ?? simulatorUrl, personas: read('personas.json') };
}
