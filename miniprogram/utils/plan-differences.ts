import { gradeName, scenarioName } from './described';
import { dayInWords, fenToYuan } from './format';
import { amountOf, SHARES, type Share } from './plan';
import { kindName, type PlanContent, type PlanItem, type PlanVersion } from './plan-reading';

interface FromTo<T> { from: T; to: T }
/** What the server says a later version changes (src/procedures/plan/differences.ts): it alone compares. */
export interface Changes {
  from: number;
  to: number;
  same: boolean;
  items: { added: PlanItem[]; removed: PlanItem[]; changed: { name: string; fields: { field: string; from: unknown; to: unknown }[]; amountFen: FromTo<number> | null }[] };
  money: Record<'totalFen' | Share, FromTo<number> | null>;
  scenarios: { added: string[]; removed: string[] };
  targetGrade: FromTo<number> | null;
  schedule: { start: (FromTo<string> & { days: number }) | null; finish: (FromTo<string> & { days: number }) | null };
  others: ('effects' | 'providerDuties' | 'enterpriseDuties' | 'unmet' | 'attachments')[];
}

/** One line of what changed; `from` is empty for what is new, `to` for what is gone. */
export interface Difference { label: string; kind: 'added' | 'removed' | 'changed'; from: string; to: string; by: string; isMoney: boolean }
export interface DifferenceGroup { title: string; rows: Difference[] }

const FIELDS: Record<string, string> = { kind: '类别', product: '产品名称', function: '功能', purpose: '用途', scenarios: '覆盖场景', unitPriceFen: '单价', quantity: '数量' };
const OTHERS = { effects: '预期成效', providerDuties: '服务商的权利义务', enterpriseDuties: '企业的权利义务', unmet: '未纳入的需求', attachments: '附件' } as const;

const yuan = (fen: number): string => `${fenToYuan(fen)} 元`;
const signed = (fen: number): string => `${fen > 0 ? '＋' : '－'}${fenToYuan(Math.abs(fen))}`;

const money = (label: string, { from, to }: FromTo<number>): Difference => ({ label, kind: 'changed', from: fenToYuan(from), to: fenToYuan(to), by: signed(to - from), isMoney: true });
const plain = (label: string, kind: Difference['kind'], from: string, to: string, by = ''): Difference => ({ label, kind, from, to, by, isMoney: false });

function fieldInWords(field: string, value: unknown): string {
  if (field === 'unitPriceFen') return yuan(value as number);
  if (field === 'scenarios') return (value as string[]).map(scenarioName).join('、') || '无';
  if (field === 'kind') return kindName(value as string);
  return String(value);
}

/** The versions themselves are needed where the server only says that a part reads differently. */
export function differenceGroups(changes: Changes, versions: readonly PlanVersion[]): DifferenceGroup[] {
  const [before, after] = [changes.from, changes.to].map((no) => versions.find((one) => one.no === no)?.content);
  const groups: DifferenceGroup[] = [
    {
      title: '费用',
      rows: [['totalFen', '总金额'] as const, ...Object.entries(SHARES) as [Share, string][]].flatMap(([name, label]) => (changes.money[name] ? [money(label, changes.money[name])] : [])),
    },
    {
      title: '改造清单',
      rows: [
        ...changes.items.added.map((item) => ({ ...plain(item.name, 'added', '', fenToYuan(amountOf(item)!)), isMoney: true })),
        ...changes.items.removed.map((item) => ({ ...plain(item.name, 'removed', fenToYuan(amountOf(item)!), ''), isMoney: true })),
        ...changes.items.changed.flatMap(({ name, fields, amountFen }) => [
          ...(amountFen ? [money(`${name}·金额`, amountFen)] : []),
          ...fields.map(({ field, from, to }) => plain(`${name}·${FIELDS[field] ?? field}`, 'changed', fieldInWords(field, from), fieldInWords(field, to))),
        ]),
      ],
    },
    {
      title: '覆盖场景',
      rows: [
        ...changes.scenarios.added.map((key) => plain(scenarioName(key), 'added', '', '新增覆盖')),
        ...changes.scenarios.removed.map((key) => plain(scenarioName(key), 'removed', '不再覆盖', '')),
      ],
    },
    {
      title: '目标和时间',
      rows: [
        ...(changes.targetGrade ? [plain('目标等级', 'changed', gradeName(changes.targetGrade.from), gradeName(changes.targetGrade.to))] : []),
        ...(['start', 'finish'] as const).flatMap((name) => {
          const moved = changes.schedule[name];
          return moved ? [plain(name === 'start' ? '开工日期' : '完成日期', 'changed', dayInWords(moved.from), dayInWords(moved.to), moved.days > 0 ? `推迟 ${moved.days} 天` : `提前 ${-moved.days} 天`)] : [];
        }),
      ],
    },
    { title: '其他内容', rows: changes.others.map((name) => plain(OTHERS[name], 'changed', before ? partInWords(name, before) : '', after ? partInWords(name, after) : '有修改')) },
  ];
  return groups.filter(({ rows }) => rows.length > 0);
}

function partInWords(name: keyof typeof OTHERS, content: PlanContent): string {
  if (name === 'effects') return content.effects.map(({ indicator, before, after }) => `${indicator}：${before} → ${after}`).join('\n');
  if (name === 'unmet') return (content.unmet ?? []).map(({ scenario, reason }) => `${scenarioName(scenario)}：${reason}`).join('\n') || '无';
  if (name === 'attachments') return `${(content.attachments ?? []).length} 个文件`;
  return content[name];
}
