import type { FieldDescription } from '../../src/kernel/fields';
import metrics from '../../src/rulebook/data/metrics.json';
import { residentId } from '../client/codes';
import { answers } from '../demo/papers';
import type { Random } from './random';

/** What a form may need to know of the world. */
export interface World {
  random: Random;
  /** Organisations that may be named. */
  providers: readonly string[];
  /** The case's data as this person sees it; empty when opening. */
  data: Record<string, unknown>;
  /** A number of a case for a field of that name, such as `diagnosis`. */
  caseFor(name: string): Promise<string | undefined>;
  upload(): Promise<string>;
  /** Optional fields that were asked for, or not wanted, when the form was last sent: `form.field`. */
  lessons: ReadonlyMap<string, 'needed' | 'unwanted'>;
}

const CHARACTERS = [...'产线设备数据工单质量追溯计划排程采购库存仓储能耗安全研发工艺检验交付售后客户培训合同验收整改材料人员现场记录系统平台采集分析改造车间班组供应生产进度成本效率标准流程管理实施服务响应文件说明情况核实处理意见结果原因时间地点联系配合完成提交审核反馈'];
const MAX_TEXT = 60;

const words = (random: Random, length: number): string => Array.from({ length }, () => random.pick(CHARACTERS)).join('');
const day = (days: number): string => new Date(Date.now() + days * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);

/** Fills a form as its description asks, kind by kind; forms whose fields must agree with each other come from `AGREEING`. */
export async function fill(name: string, form: readonly FieldDescription[], world: World): Promise<Record<string, unknown>> {
  const filled: Record<string, unknown> = {};
  for (const field of form) {
    const lesson = world.lessons.get(`${name}.${field.name}`);
    if (!field.required && lesson !== 'needed' && (lesson === 'unwanted' || !world.random.chance(0.2))) continue;
    const value = await valueFor(field, world);
    if (value !== undefined) filled[field.name] = value;
  }
  return { ...filled, ...await AGREEING[name]?.(world) };
}

async function valueFor(field: FieldDescription, world: World): Promise<unknown> {
  const { random, data } = world;
  const { name, kind, min, max, options = [], fields = [] } = field;
  // What the page shows, the person hands back: the hash of the version they read, for one.
  if (field.required && kind === 'text' && typeof data[name] === 'string') return data[name];
  switch (kind) {
    case 'text': case 'longText': return words(random, random.between(Math.max(min ?? 1, 6), Math.min(max ?? MAX_TEXT, MAX_TEXT)));
    case 'sensitive': return sensitive(name, random);
    // What a case offers is optional wherever there is such a choice: the lot decides.
    case 'choice': return field.offered ? undefined : random.pick(options).value;
    case 'choices': return random.some(options.map(({ value }) => value), Math.max(min ?? 0, 1), Math.min(max ?? options.length, 3));
    case 'number': case 'money': return random.between(min ?? 0, Math.min(max ?? 100, Math.max((min ?? 0) + 1, 100)));
    case 'day': return day(random.between(1, 200));
    case 'yesNo': return random.chance(0.5);
    case 'agreed': return true;
    case 'files': return [await world.upload()];
    case 'organisation': return random.pick(world.providers);
    case 'case': return world.caseFor(name);
    case 'list': return Promise.all(Array.from({ length: Math.max(min ?? 0, 1) }, () => group(fields, world)));
    case 'group': return group(fields, world);
    case 'structure': return undefined;
  }
}

const group = async (fields: readonly FieldDescription[], world: World): Promise<Record<string, unknown>> =>
  Object.fromEntries((await Promise.all(fields.map(async (field) => [field.name, await valueFor(field, world)] as const))).filter(([, value]) => value !== undefined));

function sensitive(name: string, random: Random): string {
  if (name === 'idNumber') return residentId('410702', `19${random.between(60, 99)}0${random.between(1, 9)}1${random.between(0, 9)}`, random.between(100, 999));
  if (name === 'phone') return `138${String(random.between(0, 99_999_999)).padStart(8, '0')}`;
  return `${random.pick([...'王李张刘陈杨赵黄周吴'])}${words(random, 2)}`;
}

/** Forms whose fields check each other, or that have a page of their own. */
const AGREEING: Record<string, (world: World) => Record<string, unknown> | Promise<Record<string, unknown>>> = {
  'report.inquire': () => ({ knownTo: 40 }),
  'diagnosis.save': async ({ random, upload }) => ({
    visitedOn: day(0), answers: answers(metrics, 1), figures: { q2: { '生产设备数量（台）': 120, '实现数字化的生产设备数量（台）': 36 } }, evidence: [await upload()], proofs: {}, notApplicable: [],
    findings: Object.fromEntries(Object.keys(metrics.areas).map((key) => [key, '以电子表格记录为主，部门之间靠纸质单据传递。'])),
    visitors: '王工（实施顾问）', hosts: '赵主任（生产部）', problems: [{ area: 'production', text: words(random, 20), urgency: 'high' }],
    needs: [{ scenario: 'production_control', need: words(random, 20), targetLevel: 2, urgency: 'high' }],
    scheme: words(random, 40), path: [{ stage: '第一阶段', content: words(random, 20), scenarios: ['production_control'], months: 3 }],
  }),
  'plan.save': ({ random }) => {
    const unitPriceFen = random.between(10, 40) * 1_000_000;
    const governmentFen = unitPriceFen * 0.3;
    const providerConcessionFen = unitPriceFen * 0.1;
    return {
      items: [{ name: '轻量化制造执行系统', kind: 'software', product: 'MES 3.0', function: words(random, 20), purpose: words(random, 20), scenarios: ['production_control'], unitPriceFen, quantity: 1 }],
      split: { enterpriseFen: unitPriceFen - governmentFen - providerConcessionFen, providerConcessionFen, governmentFen },
      targetGrade: 2, effects: [{ indicator: '订单准时交付率', before: '82%', after: '95%' }], start: day(10), finish: day(200),
      providerDuties: words(random, 30), enterpriseDuties: words(random, 30), unmet: [], attachments: [],
    };
  },
  'plan.confirmChange': ({ data }) => ({ planHash: (data['change'] as { toHash?: string } | undefined)?.toHash ?? '' }),
  'plan.score': ({ random }) => ({ project: random.between(30, 40), amount: random.between(20, 28), effect: random.between(20, 28), verdict: random.chance(0.85) ? 'passed' : 'amend' }),
};
