import type { VNodeChild } from 'vue';
import type { Draw, Review, Version } from '../../procedures/plan/forms';
import { memberWord, valueWord } from '../../procedures/structure-words';
import { moment, money, number } from '../format';
import { articleInWords } from '../words';
import { CaseNo } from './case-no';
import { DiagnosisResult, Questionnaire } from './diagnosis-result';
import { FileList } from './file-list';
import { Hash } from './hash';
import { Draws, ReviewResult, versions } from './plan';

const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const CASE_NO = /^[A-Z]{2}\d{8}-[0-9A-HJKMNP-TV-Z]{6}$/;
export const HASH = /^[0-9a-f]{40,}$/;
const FILES = new Set(['evidence', 'attachments', 'photos', 'files']);
type Members = Record<string, unknown>;

/** What rules wrote into a case without a form of its own: named members, tables for lists of them, pages of their own where they help. */
export function structure(value: unknown, widget: string): VNodeChild {
  switch (widget) {
    case 'diagnosis-result': return <DiagnosisResult result={value as never} />;
    case 'plan-versions': return versions(value as Version[], (content) => part(content, 'content', widget));
    case 'plan-review': return <ReviewResult review={value as Review} />;
    case 'plan-draws': return <Draws draws={value as Draw[]} />;
    default: return part(value, '', widget);
  }
}

function part(value: unknown, member: string, widget: string): VNodeChild {
  if (value === null || value === undefined || value === '') return <span class="quiet">—</span>;
  if (member === 'answers') return <Questionnaire answers={value as never} />;
  if (member === 'score') return <DiagnosisResult result={value as never} />;
  if (FILES.has(member) && Array.isArray(value)) return value.length === 0 ? <span class="quiet">无</span> : <FileList ids={value as string[]} />;
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'number') return valueWord(member, value) ?? (member.endsWith('Fen') ? money(value) : number(value));
  if (member === 'article') return articleInWords(String(value));
  if (typeof value === 'string') return valueWord(member, value) ?? text(value);
  if (Array.isArray(value)) return value.length === 0 ? <span class="quiet">无</span> : many(value, member, widget);
  return <dl class="facts facts-inner">{named(value as Members, widget).map(([name, word, one]) => <><dt key={name}>{word}</dt><dd>{part(one, name, widget)}</dd></>)}</dl>;
}

const named = (members: Members, widget: string): [name: string, word: string, value: unknown][] =>
  Object.entries(members).flatMap(([name, value]) => {
    const word = memberWord(name, widget);
    return word && value !== undefined && value !== null ? [[name, word, value] as [string, string, unknown]] : [];
  });

function text(value: string): VNodeChild {
  if (ISO.test(value)) return moment(value);
  if (CASE_NO.test(value)) return <CaseNo no={value} />;
  if (HASH.test(value)) return <Hash value={value} />;
  return <span class="prose">{value}</span>;
}

const isFlat = (value: unknown): boolean => typeof value !== 'object' || value === null;
const COLUMNS_AT_MOST = 6;

function many(rows: unknown[], member: string, widget: string): VNodeChild {
  if (rows.every(isFlat)) {
    const words = rows.map((row) => valueWord(member, row as string) ?? String(row));
    return words.join(words.some((word) => /[、，]/.test(word)) ? '；' : '、');
  }
  const columns = [...new Set(rows.flatMap((row) => named((row ?? {}) as Members, widget).map(([name]) => name)))];
  const isTabular = columns.length <= COLUMNS_AT_MOST && rows.every((row) => Object.values((row ?? {}) as object).every((one) => isFlat(one) || (Array.isArray(one) && one.every(isFlat))));
  const isFigure = (column: string): boolean => rows.every((row) => typeof (row as Members)[column] === 'number' && valueWord(column, (row as Members)[column] as number) === undefined);
  if (!isTabular) return <ol class="items">{rows.map((row, index) => <li key={index}>{part(row, member, widget)}</li>)}</ol>;
  return (
    <div class="scroll" tabindex="0" role="group" aria-label="明细表">
      <table class="table table-inner">
        <thead><tr>{columns.map((column) => <th key={column} scope="col" class={isFigure(column) ? 'right' : ''}>{memberWord(column, widget)}</th>)}</tr></thead>
        <tbody>{rows.map((row, index) => <tr key={index}>{columns.map((column) => <td key={column} class={isFigure(column) ? 'right' : ''}>{part((row as Members)[column], column, widget)}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}
