import { blanks, toWire, typed } from '../../../src/console/form/values';
import { choice, choices, describeFields, group, line, list, moneyFen, optional, whole, yesNo } from '../../../src/kernel/fields';

const fields = describeFields({
  reply: line('答复'), level: choice('等级', { one: '一级', two: '二级' }), kinds: choices('类别', { soft: '软件', hard: '硬件' }), price: moneyFen('金额'), count: whole('数量', { max: 9 }),
  sure: yesNo('是否'), split: group('分担', { enterprise: moneyFen('企业'), note: optional(line('说明')) }), items: list('清单', { name: line('名称'), fen: moneyFen('单价') }, { min: 1, max: 3 }), more: optional(line('补充')),
});
const held = { reply: '已核实', level: 'two', kinds: ['hard'], price: 123450, count: 3, sure: false, split: { enterprise: 50 }, items: [{ name: '软件', fen: 100 }, { name: '网关', fen: 8000 }] };

describe('what stands in a form at first', () => {
  it('goes back to the server as it came', () => {
    const faults = {};
    expect(toWire(fields, { ...blanks(fields), ...typed(fields, held) }, faults)).toEqual(held);
    expect(faults).toEqual({});
  });

  it('what the server does not hold is left empty, not filled with a word', () => {
    expect({ ...blanks(fields), ...typed(fields, { reply: undefined, more: null }) }).toEqual(blanks(fields));
  });
});
