import { isEmpty, localFaults, valueAt, type Values } from '../../forms/model';
import type { FieldDescription } from '../../services/types';
import type { Metrics } from '../../utils/metrics';

/** One screen of the questionnaire. */
export interface Step {
  key: string;
  /** On the chip. */
  short: string;
  title: string;
  kind: 'fields' | 'questions' | 'scenarios' | 'check';
  /** Names of fields, ids of questions or keys of scenarios. */
  parts: string[];
}

const SHORT: Record<string, string> = { foundation: '基础', management: '管理', results: '成效', lifecycle: '产品', production: '生产', supply: '供应链' };

/** The way through the questionnaire, in the order of an assessor's visit: first what is seen, then what follows from it. */
export function stepsOf(metrics: Metrics): Step[] {
  const fields = (key: string, short: string, title: string, ...parts: string[]): Step => ({ key, short, title, kind: 'fields', parts });
  return [
    fields('visit', '现场', '现场评测', 'visitedOn', 'visitors', 'hosts'),
    ...Object.entries(metrics.dimensions).map(([key, { name, maxPoints }]): Step => ({
      key, short: SHORT[key] ?? name, title: `${name}（${maxPoints} 分）`, kind: 'questions', parts: metrics.questions.filter(({ dimension }) => dimension === key).map(({ id }) => id),
    })),
    ...Object.entries(metrics.scenarioGroups).map(([key, name]): Step => ({
      key: `scenarios-${key}`, short: key === 'management' ? '决策' : SHORT[key] ?? name, title: `应用场景：${name}`, kind: 'scenarios',
      parts: metrics.scenarios.filter(({ group }) => group === key).map((scenario) => scenario.key),
    })),
    fields('findings', '现状', '八个方面的现状', 'findings'),
    fields('problems', '问题', '数字化改造问题清单', 'problems'),
    fields('needs', '需求', '需求场景清单', 'needs'),
    fields('scheme', '方案', '实施方案和改造路径', 'scheme', 'path'),
    { key: 'check', short: '检查', title: '检查并出具报告', kind: 'check', parts: [] },
  ];
}

export interface NotApplicable { scenario: string; reason?: string }
export const notApplicableIn = (values: Values): NotApplicable[] => (values['notApplicable'] ?? []) as NotApplicable[];

/** How much of a step is filled in, so that its chip can say so. */
export function progressOf(step: Step, values: Values, form: readonly FieldDescription[]): { done: number; of: number } {
  if (step.kind === 'questions') return { done: step.parts.filter((id) => !isEmpty(valueAt(values, `answers.${id}`))).length, of: step.parts.length };
  if (step.kind === 'scenarios') {
    const reasonless = new Set(notApplicableIn(values).filter(({ reason }) => [...(reason ?? '').trim()].length < 4).map(({ scenario }) => scenario));
    return { done: step.parts.filter((key) => typeof valueAt(values, `answers.scenarios.${key}`) === 'number' && !reasonless.has(key)).length, of: step.parts.length };
  }
  const wanted = form.filter(({ name }) => step.parts.includes(name)).flatMap((field) => (field.kind === 'group'
    ? (field.fields ?? []).map((inner) => ({ field: inner, path: `${field.name}.${inner.name}` })) : [{ field, path: field.name }]));
  const isWhole = ({ field, path }: { field: FieldDescription; path: string }): boolean => {
    const value = valueAt(values, path);
    return !isEmpty(value) && Object.keys(localFaults([field], { [field.name]: value })).length === 0;
  };
  return { done: wanted.filter(isWhole).length, of: wanted.length };
}

/** Where a path of a fault is to be mended. */
export function stepOf(steps: readonly Step[], path: string): Step | undefined {
  const [first = '', second = '', third = ''] = path.split('.');
  const part = first === 'answers' && second === 'scenarios' ? third : first === 'answers' || first === 'figures' || first === 'proofs' ? second : first;
  const scenarioStep = steps.find(({ kind }) => kind === 'scenarios');
  if (first === 'notApplicable' || (first === 'answers' && second === 'scenarios' && !third)) return scenarioStep;
  if (first === 'answers' && !second) return steps.find(({ kind }) => kind === 'questions');
  if (first === 'evidence') return steps.find(({ kind }) => kind === 'questions');
  return steps.find(({ parts }) => parts.includes(part));
}
