import type { CaseView, FieldDescription } from '../services/types';
import { gradeName, scenarioName } from './described';
import { dayInWords, momentInWords } from './format';
import type { Word } from './plan-reading';

/** What the agency does on site; a test holds it against the server's list. */
export const ON_SITE: Readonly<Record<string, string>> = {
  heard: '听取企业和服务商汇报', content: '现场核查改造内容真实性', papers: '现场核查合同、申报材料等真实性、合理性', level: '现场评测数字化水平、核查“一企一档”真实性',
};
const RESULTS: Readonly<Record<string, string>> = { passed: '通过验收', failed: '未通过验收' };
const SIDES: Readonly<Record<string, string>> = { enterprise: '企业', provider: '服务商' };

interface Finding {
  round: number; result: string; visitedOn: string; onSite: string[]; gradeAfter: number; conditions: string[];
  problems: { text: string; advice: string }[]; opinion: string; photos: string[]; answers?: { scenarios?: Record<string, number> };
}
interface AcceptanceData {
  contract: string; gradeBefore: number; targetGrade: number; required?: string[]; conditions?: string[]; late?: boolean; round: number;
  rounds: { round: number; batch: string; appliedOn: string; result?: string; gradeAfter?: number; confirmedOn?: string }[];
  missing?: { round: number; items: string[] }; explanation?: string; rejection?: string; finding?: Finding;
  rectifications?: { on: string; by: string; text: string; files: string[] }[]; unrectified?: boolean;
}

export interface Paper { name: string; label: string; files: string[]; isRequired: boolean }

/** The papers of an application: those the batch asks for first, what else there is after them. */
export function papersOf(fields: readonly FieldDescription[], values: Record<string, unknown>, required: readonly string[]): Paper[] {
  const papers = fields.filter(({ kind }) => kind === 'files').map(({ name, label }): Paper => ({ name, label, files: (values[name] ?? []) as string[], isRequired: required.includes(name) }));
  return [...papers.filter(({ isRequired }) => isRequired), ...papers.filter(({ isRequired }) => !isRequired)];
}

const optionName = (fields: readonly FieldDescription[], field: string, key: string): string =>
  fields.find(({ name }) => name === field)?.options?.find(({ value }) => value === key)?.label ?? key;

export interface FindingReading {
  result: string;
  isPassed: boolean;
  grade: string;
  target: string;
  isBelow: boolean;
  visited: string;
  onSite: string[];
  conditions: { label: string; holds: boolean }[];
  problems: { text: string; advice: string }[];
  scenarios: { label: string; level: string }[];
  opinion: string;
  photos: string[];
}
export interface AcceptanceReading {
  finding: FindingReading | null;
  /** Until when to rectify; empty where nothing is. */
  rectifyBy: string;
  rectifications: { title: string; when: string; text: string; files: string[] }[];
  grade: string;
  target: string;
  papers: Paper[];
  words: Word[];
  rounds: Word[];
}

export function acceptanceReading({ data: values, fields, state, clock }: Pick<CaseView, 'data' | 'fields' | 'state' | 'clock'>, now: Date): AcceptanceReading {
  const data = values as unknown as AcceptanceData;
  const { finding, missing, rectifications = [] } = data;
  return {
    finding: finding ? findingReading(finding, data, fields) : null,
    rectifyBy: state.name === 'rectifying' && clock ? `${momentInWords(clock.due, now).split(' ')[0]!}前完成整改，${clock.inWords}` : '',
    rectifications: rectifications.map(({ on, by, text, files }) => ({ title: `${SIDES[by] ?? ''}登记整改`, when: dayInWords(on), text, files })),
    grade: gradeName(data.gradeBefore), target: gradeName(data.targetGrade),
    papers: papersOf(fields.filter(({ name }) => name !== 'photos'), values, data.required ?? []).filter(({ isRequired, files }) => isRequired || files.length > 0),
    words: [
      ...(missing ? [{ title: `工信局一次性告知补正（第 ${missing.round} 次申请）`, text: missing.items.map((one, index) => `${index + 1}. ${one}`).join('\n') }] : []),
      ...(data.explanation ? [{ title: '企业的补正说明', text: data.explanation }] : []),
      ...(data.rejection ? [{ title: '不予受理原因', text: data.rejection }] : []),
      ...(data.late ? [{ title: '竣工后超过规定时间申请', text: '' }] : []),
      ...(data.unrectified ? [{ title: '逾期未完成整改，本次验收终止', text: '整改后可以在以后的批次重新申请。' }] : []),
    ],
    rounds: data.rounds.map(({ round, batch, appliedOn, result, gradeAfter, confirmedOn }) => ({
      title: `第 ${round} 次申请`, when: dayInWords(appliedOn),
      text: result ? `${RESULTS[result] ?? ''}${gradeAfter === undefined ? '' : `，改造后等级：${gradeName(gradeAfter)}`}${confirmedOn ? `\n${dayInWords(confirmedOn)}告知结果` : ''}` : `批次 ${batch}`,
    })),
  };
}

function findingReading(finding: Finding, { conditions = [], gradeBefore, targetGrade }: AcceptanceData, fields: readonly FieldDescription[]): FindingReading {
  return {
    result: RESULTS[finding.result] ?? '', isPassed: finding.result === 'passed',
    grade: `${gradeName(gradeBefore)} → ${gradeName(finding.gradeAfter)}`, target: gradeName(targetGrade), isBelow: finding.gradeAfter < targetGrade,
    visited: dayInWords(finding.visitedOn), onSite: finding.onSite.map((key) => ON_SITE[key] ?? key),
    conditions: conditions.map((key) => ({ label: optionName(fields, 'conditions', key), holds: finding.conditions.includes(key) })),
    problems: finding.problems,
    scenarios: Object.entries(finding.answers?.scenarios ?? {}).map(([key, level]) => ({ label: scenarioName(key), level: gradeName(level) })),
    opinion: finding.opinion, photos: finding.photos,
  };
}
