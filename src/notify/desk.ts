import { personTag, type Actor, type Role } from '../kernel/actor';
import { invalid, Refusal } from '../kernel/refusal';
import type { RecipientsOf } from './audience';
import type { Answer, Consents } from './consents';
import { templateFor, type Kind, type Templates } from './templates';

export interface DeskDeps {
  consents: Consents;
  templates: Templates;
  recipientsOf: RecipientsOf;
  now: () => Date;
}

/** What the client reports after the sheet: one template, one answer. */
export interface ConsentReport {
  template: string;
  result: Answer;
  /** Taps in it, when the client gathered several. */
  times: number;
  /** Of this tap; the same key is the same tap. */
  key: string;
}

export interface WantedTemplate { template: string; kind: Kind; longTerm: boolean }

/** The kinds each role needs, most useful first: a sheet has room for few. */
const NEEDS: Partial<Record<Role, readonly Kind[]>> = {
  enterprise: ['task', 'result', 'reminder', 'progress'],
  provider: ['task', 'inquiry', 'reminder', 'result', 'progress'],
  citizen: ['result', 'task', 'progress'],
  expert: ['task', 'reminder'],
  agency: ['task', 'reminder'],
};
/** Older clients of WeChat show three templates at most. */
const ASK_AT_MOST = 3;
/** Nobody is asked again at every tap after a refusal. */
const REST_AFTER_REFUSAL_MS = 24 * 3_600_000;

/** The consent sheet's two sides: what to ask for, and what was answered. */
export function createDesk({ consents, templates, recipientsOf, now }: DeskDeps) {
  const openidOf = async (person: string): Promise<string | undefined> =>
    (await recipientsOf(personTag(person), 'view')).find((one) => one.person === person)?.openid;

  const isOurs = (id: string): boolean => Object.values(templates).some((template) => template.id === id);

  async function report(actor: Actor, { template, result, times, key }: ConsentReport): Promise<void> {
    if (!isOurs(template)) throw invalid('template', '没有这个消息模板');
    const openid = await openidOf(actor.person);
    if (!openid) throw new Refusal('FORBIDDEN', { detail: '该账号未关联微信' });
    await consents.answered(openid, template, result, { key: `client:${key}`, source: 'client', count: times, at: now() }, actor.person);
  }

  /** The templates to ask for at the next tap: those the person's roles need and that may not be sent now. Never one-time and long-term together (error 20002). */
  async function wanted(actor: Actor): Promise<WantedTemplate[]> {
    const openid = await openidOf(actor.person);
    if (!openid) return [];
    const lines = new Map((await consents.linesOf(openid)).map((line) => [line.template, line]));
    const rested = new Date(now().getTime() - REST_AFTER_REFUSAL_MS);
    const found = new Map<string, WantedTemplate>();
    for (const kind of actor.roles.flatMap((role) => NEEDS[role] ?? [])) {
      const template = templateFor(templates, kind);
      if (!template || found.has(template.id)) continue;
      const line = lines.get(template.id);
      const mayBeSent = line && (line.longTerm || line.balance > 0);
      const refusedLately = line?.refusedAt && line.refusedAt > rested;
      if (!mayBeSent && !refusedLately) found.set(template.id, { template: template.id, kind, longTerm: template.longTerm === true });
    }
    const all = [...found.values()];
    const longTerm = all.filter((one) => one.longTerm);
    return (longTerm.length > 0 ? longTerm : all).slice(0, ASK_AT_MOST);
  }

  return { report, wanted };
}
