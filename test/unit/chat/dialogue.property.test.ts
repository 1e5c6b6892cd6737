import fc from 'fast-check';
import type { Context, Step, Want } from '../../../src/chat/context';
import { wantKey } from '../../../src/chat/context';
import { settle, turn } from '../../../src/chat/dialogue';
import type { Reply } from '../../../src/chat/replies';
import { newSession, type Message, type Session } from '../../../src/chat/session';
import { organisationsIn, registerFor } from '../../../src/chat/register';
import { openingsFor } from '../../../src/kernel/view';
import { complaint } from '../../../src/procedures/complaint/procedure';
import { diagnosis } from '../../../src/procedures/diagnosis/procedure';
import { report } from '../../../src/procedures/report/procedure';
import { service } from '../../../src/procedures/service/procedure';
import { owner } from '../../support/kernel';

/** `CHAT_SEQUENCES=100000` on demand; a few seconds' worth otherwise. */
const SEQUENCES = Number(process.env['CHAT_SEQUENCES'] ?? 2000);
const PROVIDERS = [{ id: 'provider-1', name: '新乡华信智造科技有限公司' }, { id: 'provider-2', name: '河南中联数字科技有限公司' }];
const REGISTER = PROVIDERS.map((one) => ({ ...one, region: '410702', sector: 'lifting', standing: 'listed' as const, since: null, article: null }));
const procedures = new Map([complaint, diagnosis, report, service].map((procedure) => [procedure.name, procedure]));
const actor = owner('boss', 'enterprise-1');
const openings = [...procedures.values()].flatMap((procedure) => openingsFor(procedure, actor).map((one) => ({ procedure: procedure.name, procedureTitle: procedure.title, ...one })));

function lookedUp({ look, key }: Want): unknown {
  if (look === 'organisations') return key.startsWith('#') ? PROVIDERS.filter(({ id }) => `#${id}` === key) : key === '' ? PROVIDERS : organisationsIn(key, PROVIDERS);
  if (look === 'providers') return registerFor(key, REGISTER);
  return look === 'case' || look === 'quote' ? null : [];
}

function done(run: (context: Context) => Step): Exclude<Step, { wants: unknown }> {
  const found = new Map<string, unknown>();
  for (let round = 0; round < 40; round += 1) {
    const step = run({ now: new Date('2026-03-02T02:00:00Z'), channel: 'page', role: 'enterprise', openings, procedures, found });
    if (!('wants' in step)) return step;
    for (const want of step.wants) found.set(wantKey(want), lookedUp(want));
  }
  throw new Error('asks in circles');
}

const SAYINGS = [
  '我要投诉', '我要投诉华信智造，人员能力不足', '申请诊断', '华信', '中联数字', '交付质量', '1', '2', '实施人员两个月换了四次，解决不了问题', '诉求是换项目经理', '要求更换项目经理',
  '跳过', '改一下诉求', '诉求改成退款', '上一项写错了', '好', 'ok', '嗯', '是', '确认', '确认', '确认', '确认提交', '取消', '不要投诉了', '人工', '转人工', '继续', '能先收费后签合同吗？', '办法有效期多久',
  '查进度', 'TS20260302-ABC123 到哪了', '有哪些服务商', '你好', '谢谢', '今天天气怎么样', '阿巴阿巴', '我要实名举报', '评价服务商', '', '💥', '主要做起重机，想解决排产问题', '明天下午', '不是的', '算了',
];

/** Words, or a tap on a button that is or once was on the screen, or values of a card. */
type Deed = { say: string } | { tap: number } | { tapOld: number } | { card: Record<string, unknown> } | { fail: 'refusal' | 'unknown' };
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...SAYINGS).map((say) => ({ say })) },
  { weight: 1, arbitrary: fc.string({ maxLength: 30, unit: 'grapheme' }).map((say) => ({ say })) },
  { weight: 5, arbitrary: fc.nat(12).map((tap) => ({ tap })) },
  { weight: 2, arbitrary: fc.nat(60).map((tapOld) => ({ tapOld })) },
  { weight: 1, arbitrary: fc.constantFrom<Record<string, unknown>>({ provider: 'provider-2' }, { matters: ['staff'] }, { wish: '退款退款' }, { nonsense: 1 }, { text: { $gt: '' } }, { provider: 'nobody-00' }).map((card) => ({ card })) },
  { weight: 1, arbitrary: fc.constantFrom('refusal' as const, 'unknown' as const).map((fail) => ({ fail })) },
);

/** Jest's own assertions take longer than the turns they check. */
function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

const isExplicit = (message: Message): boolean =>
  ('pick' in message && message.pick.startsWith('confirm:')) || ('text' in message && /^(确认|确认提交|确定|是的|提交)/u.test(message.text.trim()));

/** One person at one dialogue; checks after every turn what must hold at every turn. */
function talker(id: string) {
  let session: Session = newSession(id);
  let shown: Extract<Reply, { type: 'summary' }> | null = null;
  let last: Reply[] = [];
  const everOffered: string[] = [];
  const committed = new Set<string>();
  let nextOutcome: 'refusal' | 'unknown' | null = null;

  function hear(message: Message): void {
    const frozen = JSON.stringify(session);
    const step = done((context) => turn(session, message, context));
    // Pure: the session given is untouched, and the same input gives the same output.
    must(JSON.stringify(session) === frozen, 'the session given was changed');
    let replies = step.replies;
    session = step.session;
    if (step.effect) {
      const { effect } = step;
      // Nothing is committed but what the last summary showed, by an explicit confirmation right after it.
      must(shown !== null && effect.hash === shown.hash, 'committed what was not shown last');
      must(isExplicit(message), 'committed without an explicit confirmation');
      if ('pick' in message) must(message.pick === `confirm:${effect.hash}`, 'confirmed by the button of another summary');
      must(!committed.has(effect.key), 'committed twice');
      must(Object.keys(effect.input).every((name) => name in procedures.get(effect.procedure)!.moves[effect.move]!.form.fields), 'a field of another form');
      for (const row of Object.values(effect.input)) if (typeof row === 'string' && !row.startsWith('provider-')) must(shown!.text.includes(row), 'a value that was not shown');
      procedures.get(effect.procedure)!.moves[effect.move]!.form.parse(effect.input);
      const outcome = nextOutcome === 'refusal' ? { refusal: { code: 'INVALID', detail: '有误', faults: [{ field: Object.keys(effect.input)[0]!, message: '有误' }] } }
        : nextOutcome === 'unknown' ? { unknown: true as const }
          : { receipt: { no: `TS20260302-${String(committed.size).padStart(6, '0')}`, procedure: effect.procedure, move: effect.move, state: 'filed', seq: 1, at: '', article: '15.2' as const, head: '' } };
      if ('receipt' in outcome) committed.add(effect.key);
      const after = done((context) => settle(session, effect, outcome, context));
      // After an unknown outcome the same summary may be confirmed again: nothing was said in between.
      if (!('unknown' in outcome)) shown = null;
      session = after.session;
      replies = [...replies, ...after.replies];
      nextOutcome = null;
      shown = (after.replies.findLast((reply) => reply.type === 'summary') as typeof shown) ?? shown;
    } else shown = (replies.findLast((reply) => reply.type === 'summary') as typeof shown) ?? null;
    if ('text' in message && message.text.trim() === '' && replies.length === 0) return;
    // Never a dead end: something is said, and a form under way is asking or waiting for its confirmation.
    must(replies.length > 0, 'nothing was said');
    if (session.form) must(Boolean(session.form.asking) !== Boolean(session.form.confirm), 'a form that neither asks nor waits to be confirmed');
    if (session.form?.confirm) must(shown?.hash === session.form.confirm, 'waits for the confirmation of what was not shown last');
    must(session.misses < 3, 'three misses and no person called');
    must(session.stack.length <= 3, 'too many interrupted forms');
    last = replies;
    everOffered.push(...replies.flatMap(({ quick = [] }) => quick.map(({ pick }) => pick)));
  }

  return {
    do(what: Deed): void {
      const buttons = last.flatMap(({ quick = [] }) => quick.map(({ pick }) => pick));
      if ('say' in what) hear({ text: what.say });
      else if ('card' in what) hear({ values: what.card });
      else if ('fail' in what) nextOutcome = what.fail;
      else if ('tap' in what && buttons.length > 0) hear({ pick: buttons[what.tap % buttons.length]! });
      else if ('tapOld' in what && everOffered.length > 0) hear({ pick: everOffered[what.tapOld % everOffered.length]! });
    },
    /** Every state comes to an end: cancelling leaves all forms, within as many turns as there are. */
    leaves(): void {
      for (let i = 0; i < 5 && session.form; i += 1) hear({ text: '取消' });
      expect(session.form).toBeNull();
      hear({ text: '人工' });
      expect((session as Session).form?.procedure).toBe('service');
    },
    get session() { return session; },
  };
}

describe('any sequence of messages', () => {
  it(`${SEQUENCES} random dialogues: no commit without its summary and an explicit confirmation, no dead end`, () => {
    fc.assert(fc.property(fc.array(deed, { minLength: 1, maxLength: 14 }), (deeds) => {
      const person = talker('one');
      for (const one of deeds) person.do(one);
      person.leaves();
    }), { numRuns: SEQUENCES });
  }, 3_600_000);

  it('two dialogues side by side: what one says never turns up in the other', () => {
    const marked = (mark: string) => ['我要投诉', '华信', '交付质量', `${mark}实施人员换了四次，问题没解决`, `${mark}换人`, '跳过', `诉求改成${mark}退款`];
    fc.assert(fc.property(fc.array(fc.boolean(), { minLength: 10, maxLength: 20 }), (turns) => {
      const people = [{ who: talker('a'), lines: marked('甲甲'), at: 0 }, { who: talker('b'), lines: marked('乙乙'), at: 0 }];
      for (const isFirst of turns) {
        const one = people[isFirst ? 0 : 1]!;
        const line = one.lines[one.at];
        if (line) one.who.do({ say: line });
        one.at += 1;
      }
      expect(JSON.stringify(people[0]!.who.session)).not.toContain('乙乙');
      expect(JSON.stringify(people[1]!.who.session)).not.toContain('甲甲');
    }), { numRuns: Math.min(SEQUENCES, 300) });
  });

  it.each(['改'.repeat(5000), '诉求是'.repeat(1600), '不对'.repeat(2500), '改成'.repeat(2500), '\u0000'.repeat(5000), '第一条'.repeat(1600), '，'.repeat(5000), '1'.repeat(5000), '十'.repeat(5000), '{"$gt":""}'.repeat(500)])(
    'long and hostile words take no time and break nothing: %.6s…', (text) => {
      const person = talker('one');
      person.do({ say: '我要投诉华信智造，人员能力不足' });
      const started = performance.now();
      person.do({ say: text });
      person.do({ say: text });
      expect(performance.now() - started).toBeLessThan(20_000); // a regular expression that backtracks would take for ever
      person.leaves();
    });
});
