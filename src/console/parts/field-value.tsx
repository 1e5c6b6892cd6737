import type { FunctionalComponent, VNodeChild } from 'vue';
import type { FieldDescription } from '../../kernel/fields';
import type { CaseView } from '../../kernel/view';
import { money, number } from '../format';
import { CaseNo } from './case-no';
import { FileList } from './file-list';
import { Hash } from './hash';
import { HASH, structure } from './structure';

type Parties = CaseView['parties'];

const nothing = <span class="quiet">—</span>;

/** One value of a case, by its kind. */
export function shown(field: FieldDescription, value: unknown, parties: Parties): VNodeChild {
  if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) return nothing;
  const label = (one: unknown): string => field.options?.find((option) => option.value === one)?.label ?? String(one);
  switch (field.kind) {
    case 'choice': return label(value);
    case 'choices': return (value as unknown[]).map(label).join('；');
    case 'yesNo': return value ? '是' : '否';
    case 'agreed': return `✓ ${field.label}`;
    case 'number': return `${number(Number(value))}${field.unit ? ` ${field.unit}` : ''}`;
    case 'money': return <span class="figure">{money(Number(value))}</span>;
    case 'files': return <FileList ids={value as string[]} />;
    case 'organisation': return parties.find(({ party }) => party === field.name)?.name ?? <code>{String(value)}</code>;
    case 'case': return <CaseNo no={String(value)} />;
    case 'longText': return <div class="prose">{String(value)}</div>;
    case 'group': return <FieldTable fields={field.fields ?? []} data={value as Record<string, unknown>} parties={parties} />;
    case 'list': return list(field, value as Record<string, unknown>[], parties);
    case 'structure': return structure(value, field.widget ?? '');
    default: return HASH.test(String(value)) ? <Hash value={String(value)} /> : String(value);
  }
}

const WIDE = new Set(['longText', 'files', 'group', 'list', 'structure']);
/** Figures stand in a column; long texts would make one of ten lines, so such lists are told item by item. */
const isTabular = (fields: readonly FieldDescription[]): boolean => fields.length <= 6 && !fields.some(({ kind }) => ['files', 'group', 'list'].includes(kind));

function list({ fields = [] }: FieldDescription, rows: Record<string, unknown>[], parties: Parties): VNodeChild {
  if (!isTabular(fields)) {
    return <ol class="items">{rows.map((row, index) => <li key={index}><FieldTable fields={fields} data={row} parties={parties} /></li>)}</ol>;
  }
  return (
    <div class="scroll" tabindex="0" role="group" aria-label="明细表">
      <table class="table table-inner">
        <thead><tr>{fields.map(({ name, label, kind }) => <th key={name} scope="col" class={isFigure(kind) ? 'right' : ''}>{label}</th>)}</tr></thead>
        <tbody>{rows.map((row, index) => <tr key={index}>{fields.map((field) => <td key={field.name} class={isFigure(field.kind) ? 'right' : ''}>{shown(field, row[field.name], parties)}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}
const isFigure = (kind: string): boolean => kind === 'money' || kind === 'number';

const isNone = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);
/** The plan in force is told once more only where it is no longer the one that was approved. */
const isRepeated = ({ name, widget }: FieldDescription, data: Record<string, unknown>): boolean =>
  widget === 'plan-approved' && name === 'current' && (data['approved'] as { hash?: string } | undefined)?.hash === (data['current'] as { hash?: string } | undefined)?.hash;

/** Labelled values, in the order of the declaration; lists that are still empty say nothing. */
export const FieldTable: FunctionalComponent<{ fields: readonly FieldDescription[]; data: Record<string, unknown>; parties: Parties }> = ({ fields, data, parties }) => (
  <dl class="fields">
    {fields.filter((field) => !isNone(data[field.name]) && !isRepeated(field, data)).map((field) => (
      <div key={field.name} class={WIDE.has(field.kind) ? 'fields-wide' : ''}>
        <dt>{field.kind === 'agreed' ? '声明' : field.label}</dt>
        <dd>{shown(field, data[field.name], parties)}</dd>
      </div>
    ))}
  </dl>
);
FieldTable.props = ['fields', 'data', 'parties'];
