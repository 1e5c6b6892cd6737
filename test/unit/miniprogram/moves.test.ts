import { buttonsOf, isGrave, questionOf } from '../../../miniprogram/utils/moves';
import { answered } from '../../../miniprogram/forms/about';
import { asked } from '../../../miniprogram/forms/asked';
import { saidAbout } from '../../../miniprogram/utils/diagnosis';
import type { CaseView, FieldDescription, MoveView } from '../../../miniprogram/services/types';

const move = (name: string, title: string, more: Partial<MoveView> = {}): MoveView => ({ move: name, title, article: '12.1', confirm: false, form: [], ...more });
const at = (procedure: string, moves: MoveView[], more: Partial<CaseView> = {}): CaseView =>
  ({ procedure, moves, waitsForMe: true, state: { name: 'open', title: '', end: false }, data: {}, fields: [], parties: [], ...more }) as CaseView;
const titles = (view: CaseView) => buttonsOf(view).foot.map(({ title, theme }) => [title, theme]);

describe('the buttons of a case', () => {
  it('what is to be done stands last and alone is marked; what gives the case up stands apart', () => {
    const buttons = buttonsOf(at('plan', [move('confirm', '确认方案'), move('sendBack', '退回修改'), move('withdraw', '撤回方案')]));
    expect(buttons.foot.map(({ title, theme }) => [title, theme])).toEqual([['退回修改', 'default'], ['确认方案', 'primary']]);
    expect(buttons.givingUp.map(({ title }) => title)).toEqual(['撤回方案']);
  });

  it('who only waits, or may only object to an end, is urged to nothing', () => {
    expect(titles(at('complaint', [move('reopen', '申请重新办理')], { state: { name: 'settled', title: '', end: true } }))).toEqual([['申请重新办理', 'default']]);
    expect(titles(at('plan', [move('propose', '送企业确认')], { waitsForMe: false }))).toEqual([['送企业确认', 'default']]);
  });

  it('12.1, 12.2: one button for each page: what the page makes as well needs none', () => {
    expect(titles(at('plan', [move('save', '填写方案内容'), move('propose', '送企业确认')]))).toEqual([['填写方案，送企业确认', 'primary']]);
    expect(titles(at('plan', [move('save', '填写方案内容'), move('change', '提出变更')]))).toEqual([['提出变更', 'primary']]);
    expect(titles(at('plan', [move('save', '填写方案内容')]))).toEqual([['填写方案内容', 'primary']]);
    expect(titles(at('diagnosis', [move('save', '填写评测内容'), move('issue', '出具诊断报告'), move('handBack', '退回诊断任务')]))).toEqual([['退回诊断任务', 'default'], ['填写评测内容', 'primary']]);
  });
});

describe('the question before a move', () => {
  it('says what follows, where the declaration says so, and marks what gives up or refuses', () => {
    expect(questionOf(move('withdraw', '撤回投诉', { confirm: true, follows: '本件到此结束。' }))).toMatchObject({ title: '撤回投诉', content: '本件到此结束。', confirmColor: '#b42318' });
    expect(questionOf(move('confirm', '确认方案', { confirm: true }))).toEqual({ title: '确认方案', content: '提交后不能撤销，确定办理吗？', confirmText: '确定' });
    expect(isGrave(move('decline', '不承接'))).toBe(true);
  });
});

describe('a form', () => {
  const text = (name: string, label: string): FieldDescription => ({ name, label, kind: 'longText', required: true });

  it('18: shows what it answers: the questions asked, not its own fields', () => {
    const view = at('inquiry', [], { fields: [text('questions', '请说明的问题'), text('reply', '回复')], data: { questions: '请说明人员情况', reply: '已回复' } });
    expect(answered(view, [text('reply', '回复')])).toEqual([{ label: '请说明的问题', text: '请说明人员情况', files: [], rows: [] }]);
    expect(answered(at('plan', [], { fields: [text('need', '需求')], data: { need: '追溯' } }), [])).toEqual([]);
  });

  it('12.1: offers only listed providers, and not again who has the task or did not take it on', () => {
    const field: FieldDescription = { name: 'provider', label: '服务商', kind: 'organisation', required: false };
    const view = at('diagnosis', [], { data: { passedOver: ['org-a', 'org-b'] } });
    expect(asked([field], 'diagnosis.choose', view)).toEqual([{ ...field, listed: true, except: ['org-a', 'org-b'] }]);
    expect(asked([field], 'complaint.file', null)).toEqual([field]);
  });
});

it('12.1: the enterprise reads its objection, the reply, and why a provider did not take the diagnosis on', () => {
  expect(saidAbout({ disputes: [{ revision: 1, on: '2026-03-02', reasons: '设备数不符', reply: '已复核更正' }], former: [{ name: '甲公司', why: '人员已排满', on: '2026-03-01' }] })).toEqual({
    disputes: [{ title: '企业对第 1 版报告的异议', when: '2026年3月2日', text: '设备数不符' }, { title: '服务商的答复', when: '', text: '已复核更正' }],
    former: [{ title: '甲公司', when: '2026年3月1日', text: '人员已排满' }],
  });
  expect(saidAbout({})).toEqual({ disputes: [], former: [] });
});
