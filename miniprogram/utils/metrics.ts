/** 0 is below the first level, or not applicable; grades are numbered alike. */
export type Level = 0 | 1 | 2 | 3 | 4;

/** The 2024 metrics as the server gives them: questions and scenarios with all their words. */
export interface Question {
  id: string; no: number; dimension: string; group: string; name: string; title: string; choice: 'one' | 'many'; maxPoints: number;
  options: { code: string; label: string; points: number }[];
  /** Names of the figures written down beside the answer, some with their unit in brackets. */
  fields: string[];
  /** What may prove it. */
  evidence: string[];
  note: string;
}
export interface Scenario { key: string; no: number; group: string; name: string; binding: boolean; levels: string[] }
export interface Metrics {
  version: string;
  title: string;
  documentNo: string;
  gradeNames: string[];
  dimensions: Record<string, { name: string; maxPoints: number }>;
  questions: Question[];
  scenarioGroups: Record<string, string>;
  scenarios: Scenario[];
  areas: { key: string; name: string; scenarios: string[] }[];
  thresholds: { grade: Level; minScore: number; minScenarios: number; minBinding: number }[];
}

export const LEVEL_WORDS: Record<Level, string> = { 0: '未达一级', 1: '一级', 2: '二级', 3: '三级', 4: '四级' };

/** What lacks for the next grade. The binding scenarios are among those that must reach it. */
export function lackingFor({ grade, points, scenarios, binding }: { grade: Level; points: number; scenarios: number; binding: number }): string {
  const many = Math.max(scenarios, binding);
  return [
    ...(points > 0 ? [`${points} 分`] : []),
    ...(many > 0 ? [`${many} 个场景达到${LEVEL_WORDS[grade]}${binding > 0 ? `，其中 ${binding} 个须是约束性场景` : ''}`] : []),
  ].join('；');
}
