import type { VNodeChild } from 'vue';
import { RouterLink } from 'vue-router';
import { day, money, number } from '../format';

/** Names of members of the structures that rules write; a member without a name here is told by its own. */
const NAMES: Record<string, string> = {
  on: '日期', at: '时间', version: '版本', revision: '次', text: '内容', reasons: '理由', reason: '理由', why: '原因', result: '结果', reply: '答复', provider: '服务商', name: '名称',
  total: '总分', grade: '等级', project: '项目', amount: '金额', effect: '成效', verdict: '意见', verdicts: '各意见数', passed: '通过', opinions: '专家意见', hash: '校验码',
  scenario: '场景', priority: '优先级', problem: '问题', title: '名称', score: '得分', max: '满分', level: '等级', findings: '发现', path: '路径', what: '内容', price: '价格',
  quantity: '数量', total_fen: '合计', articles: '依据', article: '依据', label: '项目', value: '数值', before: '变更前', after: '变更后', from: '原', to: '现', content: '内容', hints: '提示', drawn: '抽取', experts: '专家',
  seed: '抽取种子', pool: '备选人数', needs: '需求', gap: '差距', target: '目标', current: '现状', dimensions: '维度', questions: '问题', scores: '得分', notApplicable: '不适用', proofs: '佐证', kind: '类别', items: '明细', share: '占比', count: '数量',
  person: '人员', ground: '事由', advice: '建议', weight: '权重', answers: '回答', scheme: '指标版本', basic: '基础', management: '管理', results: '成效', no: '编号', month: '月份', deadline: '期限', days: '天数', met: '达到', required: '要求',
};
const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const CASE_NO = /^[A-Z]{2}\d{8}-[0-9A-HJKMNP-TV-Z]{6}$/;
const HASH = /^[0-9a-f]{40,}$/;

const nameOf = (member: string): string => (member.endsWith('Fen') ? NAMES[member] ?? NAMES[member.slice(0, -3)] ?? member : NAMES[member] ?? member);

/** A structure without a description of its own: named members, tables for lists of them. */
export function structure(value: unknown, member = ''): VNodeChild {
  if (value === null || value === undefined || value === '') return <span class="quiet">—</span>;
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'number') return member.endsWith('Fen') ? money(value) : number(value);
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.length === 0 ? <span class="quiet">无</span> : many(value);
  return <dl class="facts">{Object.entries(value).map(([name, one]) => <><dt key={name}>{nameOf(name)}</dt><dd>{structure(one, name)}</dd></>)}</dl>;
}

function text(value: string): VNodeChild {
  if (ISO.test(value)) return day(value);
  if (CASE_NO.test(value)) return <RouterLink class="link no" to={`/cases/${value}`}>{value}</RouterLink>;
  if (HASH.test(value)) return <code class="head" title={value}>{value.slice(0, 12)}…</code>;
  return <span class="prose">{value}</span>;
}

const isFlat = (value: unknown): boolean => typeof value !== 'object' || value === null;

function many(rows: unknown[]): VNodeChild {
  if (rows.every(isFlat)) return rows.map((row) => String(row)).join('、');
  const columns = [...new Set(rows.flatMap((row) => Object.keys((row ?? {}) as object)))];
  if (columns.length > 7 || !rows.every((row) => Object.values((row ?? {}) as object).every((one) => isFlat(one) || (Array.isArray(one) && one.every(isFlat))))) {
    return <ol class="items">{rows.map((row, index) => <li key={index}>{structure(row)}</li>)}</ol>;
  }
  return (
    <div class="scroll" tabindex="0" role="group" aria-label="明细表">
      <table class="table table-inner">
        <thead><tr>{columns.map((column) => <th key={column} scope="col">{nameOf(column)}</th>)}</tr></thead>
        <tbody>{rows.map((row, index) => <tr key={index}>{columns.map((column) => <td key={column}>{structure((row as Record<string, unknown>)[column], column)}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}
