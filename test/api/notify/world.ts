import { pino } from 'pino';
import type { Simulator } from '../../../scripts/wechat-simulator';
import { handler, opener, party, procedure, staff, theBureau, theParty } from '../../../src/kernel/declare';
import { form, longText, organisation } from '../../../src/kernel/fields';
import type { Case } from '../../../src/kernel/case';
import type { Procedure } from '../../../src/kernel/procedure';
import { createWork } from '../../../src/kernel/work';
import type { Recipient, RecipientsOf } from '../../../src/notify/audience';
import { redisPublisher } from '../../../src/notify/live';
import { createNotify } from '../../../src/notify/notify';
import type { Templates } from '../../../src/notify/templates';
import { createWechat } from '../../../src/wechat/client';
import { orgTag } from '../../../src/kernel/actor';
import { anEnterprise, aProvider, testKernel } from '../../support/kernel';
import { ACCOUNT, rememberingLog, simulator } from '../wechat/support';

const data = { provider: organisation('服务商'), text: longText('说明', { min: 1, max: 500 }) };

/** A request that waits for a provider at once, with a remark that stays in the state: what an outsider can trigger alone. */
export const request = procedure({
  name: 'request', title: '服务需求', prefix: 'XQ', article: '12.1',
  parties: { enterprise: '企业', provider: '服务商' },
  data,
  states: {
    sent: { title: '待服务商响应', waitsFor: 'provider', within: 'complaint.reply' },
    checked: { title: '核对中', desk: 'intake', within: 'complaint.settle' },
    done: { title: '已响应', end: true },
  },
}).moves((move) => ({
  send: move.open({
    title: '发出需求', to: 'sent', by: opener('enterprise'), form: form(data), tells: ['enterprise'],
    begin: ({ input, actor }: any) => ({
      data: input, parties: { enterprise: [orgTag(actor.org)], provider: [orgTag(input.provider)] }, names: { enterprise: '金丝雀精密有限公司', provider: '画眉数字科技' },
    }),
  }),
  remark: move.stay({
    title: '补充说明', from: 'sent', by: party('enterprise'), form: form({ text: data.text }), tells: ['provider'],
    decide: ({ input }: any) => ({ set: input, note: '备注里的金丝雀' }),
  }),
  respond: move.step({ title: '响应需求', from: 'sent', to: 'done', by: party('provider', 'confirm'), tells: ['enterprise'] }),
  check: move.step({ title: '转核对', from: 'sent', to: 'checked', by: staff('intake') }),
  back: move.step({ title: '退回服务商', from: 'checked', to: 'sent', by: handler(), tells: ['provider', 'desk'] }),
})).sees({
  enterprise: { who: theParty('enterprise'), fields: ['text'], timeline: 'all' },
  provider: { who: theParty('provider'), fields: ['text'], timeline: 'all' },
  bureau: { who: theBureau('supervisor'), fields: ['text'], timeline: 'all' },
});

export const TEMPLATES: Templates = {
  task: { id: 'TPL_TASK', fields: { thing1: 'matter', character_string2: 'no', time3: 'time', phrase4: 'state' } },
  progress: { id: 'TPL_PROGRESS', fields: { thing1: 'matter', character_string2: 'no', phrase3: 'state', time4: 'time' } },
  result: { id: 'TPL_RESULT', fields: { thing1: 'matter', character_string2: 'no', phrase3: 'state', time4: 'time', thing5: 'advice' } },
};

/** The kernel and the notices on the real engines, with a simulated WeChat over HTTP. People are given by tag. */
export async function world(procedures: readonly Procedure[]) {
  const kernel = await testKernel(procedures, { organisations: [anEnterprise('e1'), aProvider('p1'), aProvider('p2')] });
  const phones: Simulator = await simulator();
  const people = new Map<string, Recipient[]>();
  const { lines, log: seen } = rememberingLog();
  const conversed: { no: string; person: string; key: string; text: string }[] = [];
  const texts: { person: string; text: string }[] = [];
  let shift = 0;
  const now = () => new Date(kernel.now().getTime() + shift);
  const recipientsOf: RecipientsOf = async (tag) => people.get(tag) ?? [];
  const wechat = createWechat({
    baseUrl: phones.url, appId: ACCOUNT.appId, appSecret: ACCOUNT.appSecret, redis: kernel.redis, prefix: kernel.prefix, log: seen,
    clock: () => new Date(phones.world.now()),
  });
  const log = pino({ level: 'silent' });
  const another = () => createNotify({
    connection: kernel.connection, city: 'xinxiang', procedures: kernel.kernel.procedures, wechat, recipientsOf, templates: TEMPLATES,
    rulebook: async () => kernel.rulebook, publish: redisPublisher({ redis: kernel.redis, prefix: kernel.prefix, log }), now, log: seen,
    converse: async (news) => { conversed.push(news); },
    smsAdapter: { send: async (message) => { texts.push(message); } },
  });
  const notify = another();
  await notify.prepare();
  const work = createWork({
    city: 'xinxiang', cases: kernel.cases, procedures: kernel.kernel.procedures, act: kernel.kernel, now, log,
    handlers: { route: async () => undefined, notify: notify.notify, remind: notify.remind, schedule: async () => undefined, services: {} },
  });
  const collection = (name: string) => kernel.connection.collection<any>(name);

  return {
    ...kernel, phones, people, notify, another, wechat, texts, conversed, logLines: lines, collection, now,
    /** Sets the clock of notices on; the phones' follows. */
    later(ms: number): void {
      shift += ms;
      phones.advance(ms / 1000);
    },
    /** A person with a phone who accepted each of these templates so often, as we know and WeChat knows. */
    async join(person: string, tags: string[], accepts: Record<string, number> = {}): Promise<string> {
      const { openid } = phones.addPhone({ nickname: person });
      for (const tag of [`person:${person}`, ...tags]) people.set(tag, [...(people.get(tag) ?? []), { person, openid }]);
      for (const [template, times] of Object.entries(accepts)) {
        for (let i = 0; i < times; i += 1) phones.world.answerConsent(phones.phone(openid), template, 'accept');
        if (times > 0) await notify.consents.report({ person } as never, { template, result: 'accept', times, key: `join-${person}-${template}` });
      }
      return openid;
    },
    /** Somebody of the bureau: no phone. */
    hire(person: string, tags: string[]): void {
      for (const tag of [`person:${person}`, ...tags]) people.set(tag, [...(people.get(tag) ?? []), { person }]);
    },
    /** Does all pending work, notices included, until none is left. */
    async settle(): Promise<void> {
      for (let round = 0; round < 20; round += 1) {
        const open = await kernel.cases.find({ 'outbox.at': { $gt: new Date(0) } }).toArray();
        if (open.length === 0) return;
        for (const c of open) for (const { seq, work: kind } of c.outbox) await work.doWork(kind, { no: c.no, seq });
      }
      throw new Error('pending work does not come to an end');
    },
    caseOf: async (no: string): Promise<Case<any>> => (await kernel.cases.findOne({ no }))!,
    /** The event of a line, as the worker gives it to the handler. */
    async eventOf(no: string, seq: number) {
      const c = (await kernel.cases.findOne({ no }))!;
      const p = kernel.kernel.procedures.get(c.procedure)!;
      const entry = c.timeline[seq - 1]!;
      return { case: c, entry, procedure: p, move: p.moves[entry.move]! };
    },
    inboxOf: (person: string): Promise<any[]> => collection('inbox').find({ person }).sort({ createdAt: 1 }).toArray(),
    deliveriesTo: (person: string): Promise<any[]> => collection('deliveries').find({ person }).sort({ at: 1 }).toArray(),
    consentOf: (openid: string, template: string): Promise<any> => collection('consents').findOne({ openid, template }),
    sends: () => phones.calls('/cgi-bin/message/subscribe/send'),
    async end(): Promise<void> {
      await phones.stop();
      await kernel.close();
    },
  };
}

export type World = Awaited<ReturnType<typeof world>>;
