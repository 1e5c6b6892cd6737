import type { CaseView } from '../kernel/view';
import type { Reply, Row } from './replies';
import { yuan } from './values';

/** The few facts of a case worth a line in a dialogue, from what its reader may see. */
export function factsOf(view: CaseView): Row[] {
  const parties = view.parties.filter(({ name }) => name !== '').map(({ title, name }) => ({ label: title, value: name }));
  return [...parties, ...versionOf(view.data)];
}

interface PlanVersion { no: number; hash: string; totalFen: number; content: { targetGrade?: number; start?: string; finish?: string } }

/** Of a plan put to the enterprise (12.2): which version, and its main figures, so that what is confirmed is what was seen. */
function versionOf(data: Record<string, unknown>): Row[] {
  const versions = Array.isArray(data['versions']) ? (data['versions'] as PlanVersion[]) : [];
  const version = versions.find(({ hash }) => hash === data['planHash']);
  if (!version) return [];
  const { targetGrade, start, finish } = version.content;
  return [
    { label: '方案版本', value: `第${version.no}版` },
    { label: '总金额', value: yuan(version.totalFen) },
    ...(targetGrade === undefined ? [] : [{ label: '目标等级', value: `${['无等级', '一级', '二级', '三级', '四级'][targetGrade] ?? targetGrade}` }]),
    ...(start && finish ? [{ label: '工期', value: `${start} 至 ${finish}` }] : []),
  ];
}

/** A case as a card: where it stands, who has it, until when, what the reader can do. */
export function caseCard(view: CaseView): Reply {
  const last = view.timeline.at(-1);
  const rows: Row[] = [
    { label: '状态', value: view.state.title },
    ...factsOf(view),
    ...(view.waitsFor ? [{ label: '等待', value: view.waitsFor }] : []),
    ...(view.clock ? [{ label: view.clock.label, value: view.clock.paused ? `计时中止（${view.clock.pauseReason ?? ''}）` : view.clock.inWords }] : []),
    ...(last ? [{ label: '最近进展', value: `${last.title}（${last.articleInWords}）` }] : []),
  ];
  const quick = view.moves.slice(0, 5).map(({ move, title }) => ({ label: title, pick: `start:${view.procedure}:${move}:${view.no}` }));
  return {
    type: 'case', text: [`${view.title} ${view.no}`, ...rows.map(({ label, value }) => `${label}：${value}`)].join('\n'),
    no: view.no, title: view.title, state: view.state.title, rows, ...(quick.length > 0 ? { quick } : {}),
  };
}
