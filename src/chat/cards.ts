import { dayInWords, wordsOfDay } from '../kernel/numbers';
import type { CaseView } from '../kernel/view';
import type { PublicProvider } from '../register/directory';
import { articleInWords, isArticleNo } from '../rulebook/articles';
import { findRegion, findSector } from '../rulebook/places';
import type { RegisterFound } from './register';
import type { Reply, Row } from './replies';
import { yuan } from './values';

/** The few facts of a case worth a line in a dialogue, from what its reader may see. */
export function factsOf(view: CaseView): Row[] {
  const parties = view.parties.filter(({ name }) => name !== '').map(({ title, name }) => ({ label: title, value: name }));
  return [...parties, ...versionOf(view.data)];
}

/** What a form on a case is about, and until when it may be filled in. */
export const aboutOf = (view: CaseView): Row[] => [
  ...factsOf(view), ...(view.clock ? [clockRow(view.clock)] : []),
];

const clockRow = ({ label, paused, pauseReason, inWords }: NonNullable<CaseView['clock']>): Row => ({ label, value: paused ? `计时中止（${pauseReason ?? ''}）` : inWords });

interface PlanVersion { no: number; hash: string; totalFen: number; content: { targetGrade?: number; start?: string; finish?: string } }

/** Of a plan put to the enterprise (12.2): which version, and its main figures, so that what is confirmed is what was seen. */
function versionOf(data: Record<string, unknown>): Row[] {
  const versions = Array.isArray(data['versions']) ? (data['versions'] as PlanVersion[]) : [];
  const version = versions.find(({ hash }) => hash === data['planHash']);
  if (!version) return [];
  const { targetGrade, start, finish } = version.content;
  return [
    { label: '方案版本', value: `第 ${version.no} 版` },
    { label: '总金额', value: yuan(version.totalFen) },
    ...(targetGrade === undefined ? [] : [{ label: '目标等级', value: `${['无等级', '一级', '二级', '三级', '四级'][targetGrade] ?? targetGrade}` }]),
    ...(start && finish ? [{ label: '工期', value: `${wordsOfDay(start)} 至 ${wordsOfDay(finish)}` }] : []),
  ];
}

/** A case as a card: where it stands, who has it, until when, what the reader can do. */
export function caseCard(view: CaseView): Reply {
  const last = view.timeline.at(-1);
  const rows: Row[] = [
    { label: '状态', value: view.state.title },
    ...factsOf(view),
    ...(view.waitsFor ? [{ label: '等待', value: view.waitsFor }] : []),
    ...(view.clock ? [clockRow(view.clock)] : []),
    ...(last ? [{ label: '最近进展', value: `${last.title}（${last.articleInWords}）` }] : []),
  ];
  const quick = view.moves.slice(0, 5).map(({ move, title }) => ({ label: title, pick: `start:${view.procedure}:${move}:${view.no}` }));
  return {
    type: 'case', text: [`${view.title} ${view.no}`, ...rows.map(({ label, value }) => `${label}：${value}`)].join('\n'),
    no: view.no, title: view.title, state: view.state.title, rows, ...(quick.length > 0 ? { quick } : {}),
  };
}

const inOneLine = ({ name, standing, since, article, region, sector }: PublicProvider): string => {
  const isListed = standing === 'listed';
  const basis = article && isArticleNo(article) ? `，依据${articleInWords(article)}` : '';
  const places = [findRegion(region)?.name, sector ? findSector(sector)?.name : undefined].filter((one) => one !== undefined).map((one) => `，${one}`).join('');
  return `${name}：${isListed ? '在库' : '已退出'}${since ? `，${dayInWords(new Date(since))}${isListed ? '入库' : '退出'}${basis}` : ''}${places}`;
};

function registerTitle({ by, of, items, total }: RegisterFound): string {
  const first = total > items.length ? `，先列 ${items.length} 家` : '';
  switch (by) {
    case 'name': case 'part': return total > 1 ? `服务商库中名称相符的有 ${total} 家${first}：` : '服务商库公开的信息：';
    case 'kind': return total > 0 ? `${of}的服务商在库 ${total} 家${first}：` : `服务商库目前没有${of}的服务商。`;
    case 'all': return total > 0 ? `服务商库现有在库服务商 ${total} 家${first}：` : '服务商库目前没有公布的服务商。';
  }
}

/** Providers as cards (第十条): what the public register shows of them, and nothing else that is known. */
export function providerCards(found: RegisterFound): Reply {
  const title = registerTitle(found);
  return {
    type: 'providers', title, text: [title, ...found.items.map(inOneLine)].join('\n'), providers: found.items,
    page: { path: '/public/register/index', title: '服务商库' },
  };
}
