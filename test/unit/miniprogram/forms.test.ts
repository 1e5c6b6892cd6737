import fc from 'fast-check';
import { asked } from '../../../miniprogram/forms/asked';
import { factsOf, faultsByPath, keepable, localFaults, put, toInput, valueAt } from '../../../miniprogram/forms/model';
import type { CaseView, FieldDescription } from '../../../miniprogram/services/types';
import { issueForm } from '../../../src/procedures/diagnosis/forms';
import { openForm as askForm } from '../../../src/procedures/service/forms';
import { fileForm as reportForm } from '../../../src/procedures/report/forms';
import { rateForm } from '../../../src/procedures/rating/forms';
import { saveForm as planForm } from '../../../src/procedures/plan/forms';
import { creditCode, residentId } from '../../../scripts/client/codes';

const field = (name: string, kind: FieldDescription['kind'], more: Partial<FieldDescription> = {}): FieldDescription => ({ name, label: name, kind, required: true, ...more });

describe('a form on the phone', () => {
  it('does not ask a person for what the chat-bot hands over, nor for an answer where nothing was objected', () => {
    const namesOf = (form: { describe(): FieldDescription[] }, move: string, data?: object) => asked(form.describe(), move, data ? { data } as CaseView : null).map(({ name }) => name);
    expect(namesOf(askForm, 'service.open')).toEqual(['question']);
    expect(namesOf(issueForm, 'diagnosis.issue', { disputes: [] })).toEqual(['onSite']);
    expect(namesOf(issueForm, 'diagnosis.issue', { disputes: [{ reasons: '有误', reply: '已更正' }] })).toEqual(['onSite']);
    expect(namesOf(issueForm, 'diagnosis.issue', { disputes: [{ reasons: '有误' }] })).toEqual(['onSite', 'reply']);
  });

  it('changes one value and leaves all others as they are', () => {
    const before = { items: [{ name: 'a' }, { name: 'b' }], split: { enterpriseFen: 1 } };
    const after = put(before, 'items.1.name', 'c') as typeof before;
    expect(after).toEqual({ items: [{ name: 'a' }, { name: 'c' }], split: { enterpriseFen: 1 } });
    expect(after.items[0]).toBe(before.items[0]);
    expect(before.items[1]).toEqual({ name: 'b' });
    expect(valueAt(after, 'items.1.name')).toBe('c');
  });

  it('begins groups and lists that are not there yet', () => {
    expect(put({}, 'split.enterpriseFen', 5)).toEqual({ split: { enterpriseFen: 5 } });
    expect(valueAt({}, 'split.enterpriseFen')).toBeUndefined();
  });

  it('names every missing and every wrong field at its place, also within lists', () => {
    const fields = [
      field('text', 'longText', { min: 5, max: 8 }), field('evidence', 'files', { min: 1 }), field('note', 'text', { required: false }),
      field('items', 'list', { fields: [field('price', 'money'), field('count', 'number', { min: 1, max: 3 })] }),
    ];
    expect(localFaults(fields, { text: '好', items: [{ price: '12.345', count: 9 }, { price: 100, count: 2 }] })).toEqual({
      text: 'text至少 5 个字，还差 4 个', evidence: '请上传evidence', 'items.0.price': 'price应为金额，最多两位小数', 'items.0.count': 'count不能大于 3',
    });
  });

  it('sends nothing for optional fields left empty, and texts trimmed', () => {
    const fields = [field('a', 'text'), field('b', 'text', { required: false }), field('c', 'choices', { required: false }), field('d', 'structure')];
    expect(toInput(fields, { a: ' 甲 ', b: '  ', c: [], d: { kept: 'elsewhere' } })).toEqual({ a: '甲' });
  });

  it('never keeps names, identity numbers and phones in a draft', () => {
    const kept = keepable(reportForm.describe() as FieldDescription[], { text: '内容', name: '张三', idNumber: residentId('410702', '19900101', 1), phone: '13800138000' });
    expect(kept).toEqual({ text: '内容' });
  });

  it('shows a fault of no field on the page as a fault of the whole', () => {
    expect(faultsByPath([field('text', 'text')], [{ field: 'text', message: 'a' }, { field: 'elsewhere', message: 'b' }])).toEqual({ text: 'a', '': 'b' });
  });

  it.each([['report', reportForm], ['rating', rateForm], ['plan', planForm]])('finds nothing wrong with the form of a %s that the server would take', (_name, form) => {
    const values: Record<string, Record<string, unknown>> = {
      report: {
        provider: 'abcdefgh1234', matters: ['cases'], text: '这家服务商在申报时提交的案例并不是它自己完成的，有合同为证。', evidence: ['abcdefghijklmnopqrstuvwx'], name: '张三',
        idNumber: residentId('410702', '19900101', 1), phone: '13800138000', truthful: true, informed: true,
      },
      rating: { overall: 'fair', items: Object.fromEntries((rateForm.describe().find(({ name }) => name === 'items')!.fields ?? []).map(({ name }) => [name, 3])) },
      plan: { items: [], start: '2026-03-02' },
    };
    const fields = form.describe() as FieldDescription[];
    expect(localFaults(fields, values[_name]!)).toEqual({});
    const taken = () => form.parse(toInput(fields, values[_name]!));
    if (_name !== 'plan') expect(taken).not.toThrow();
    // Lists that need an entry are the server's to ask for when they are empty.
    else expect(toInput(fields, values[_name]!)).toEqual({ items: [], start: '2026-03-02' });
  });

  it('says nothing of a field the server would not see as missing', () => {
    fc.assert(fc.property(fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(fc.string(), fc.integer(), fc.constant(undefined))), (values) => {
      const fields = [field('a', 'text', { required: false }), field('b', 'number', { required: false })];
      const input = toInput(fields, values);
      return Object.values(input).every((value) => value !== '' && value !== undefined);
    }));
  });
});

describe('the facts of a case', () => {
  it('are said in words: choices by their labels, money in yuan, organisations by name, files apart', () => {
    const fields = [
      field('provider', 'organisation'), field('matters', 'choices', { options: [{ value: 'x', label: '甲' }, { value: 'y', label: '乙' }] }),
      field('price', 'money'), field('on', 'day'), field('late', 'yesNo'), field('evidence', 'files'), field('result', 'structure'), field('months', 'number', { unit: '个月' }),
    ];
    const facts = factsOf(fields, { provider: 'id1', matters: ['x', 'y'], price: 123456789, on: '2026-03-05', late: false, evidence: ['f1'], result: { total: 1 }, months: 3 }, [{ party: 'provider', title: '服务商', name: creditCode('410702', 1) }]);
    expect(facts.map(({ text, files }) => text || files)).toEqual([creditCode('410702', 1), '甲、乙', '1,234,567.89 元', '2026年3月5日', '否', ['f1'], '3 个月']);
  });
});
