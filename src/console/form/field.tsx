import { Button } from 'tdesign-vue-next';
import { defineComponent, type PropType, type VNodeChild } from 'vue';
import type { FieldDescription } from '../../kernel/fields';
import { Box, TextBox } from '../parts/box';
import { FilePicker } from './file-picker';
import { QuestionnaireField } from './questionnaire';
import { OrganisationPicker } from './organisation-picker';
import { blanks, type Faults, type FileTyped, type Typed, type TypedValues } from './values';

interface Place { field: FieldDescription; path: string; id: string; fault: string | undefined; value: Typed; set: (value: Typed) => void }

const isLong = ({ max }: FieldDescription): boolean => !max || max > 300;
const length = (value: Typed): number => (typeof value === 'string' ? [...value].length : 0);

/** One field of a generic form, of any kind, with its label, hint and fault. */
export const Field = defineComponent({
  name: 'Field',
  props: {
    field: { type: Object as PropType<FieldDescription>, required: true },
    /** The object the value lives in, under the field's name. */
    within: { type: Object as PropType<TypedValues>, required: true },
    path: { type: String, required: true },
    formId: { type: String, required: true },
    faults: { type: Object as PropType<Faults>, required: true },
  },
  setup(props) {
    return () => {
      const { field, path, within, faults } = props;
      const place: Place = {
        field, path, id: `${props.formId}-${path.replaceAll('.', '-')}`, fault: faults[path], value: within[field.name],
        set: (value) => { within[field.name] = value; delete faults[path]; },
      };
      if (field.kind === 'structure') {
        return field.widget === 'diagnosis-questionnaire'
          ? <QuestionnaireField label={field.label} path={path} value={(within[field.name] ?? {}) as TypedValues} form={within} faults={faults} onChange={(value: TypedValues) => place.set(value)} />
          : <p class="note">此项不在工作台填写</p>;
      }
      if (field.kind === 'agreed') return declaration(place);
      return isComposed(field) ? fieldset(place, props) : labelled(place);
    };
  },
});

const COMPOSED = new Set(['choices', 'yesNo', 'group', 'list', 'files', 'organisation']);
const isComposed = (field: FieldDescription): boolean => COMPOSED.has(field.kind) || (field.kind === 'choice' && field.required && !field.offered && (field.options?.length ?? 0) <= 5);

/** What may be empty is marked; a list that may have no line at all is such, too. A chosen radio button cannot be let go again, so what is optional is chosen from a list. */
const mark = (field: FieldDescription): VNodeChild => (field.required && !(field.min === 0 && HEAPS.has(field.kind)) ? null : <span class="optional">（选填）</span>);
const HEAPS = new Set(['list', 'files', 'choices']);
const below = ({ field, id, fault }: Place): VNodeChild => (
  <>
    {field.hint && field.kind !== 'longText' ? <p class="hint" id={`${id}-hint`}>{field.hint}</p> : null}
    {fault ? <p class="fault" id={`${id}-fault`}>{fault}</p> : null}
  </>
);
const described = ({ field, id, fault }: Place): string | undefined => [field.hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;

function declaration(place: Place): VNodeChild {
  const { field, path, fault, value, set } = place;
  return (
    <div class="field" data-path={path}>
      <label class="option declaration">
        <input type="checkbox" checked={value === true} aria-describedby={described(place)} aria-invalid={Boolean(fault)} aria-required={true} onChange={() => set(value === true ? undefined : true)} />
        <span>{field.label}</span>
      </label>
      {below(place)}
    </div>
  );
}

function labelled(place: Place): VNodeChild {
  const { field, id, path } = place;
  return (
    <div class="field" data-path={path}>
      <label for={id}>{field.label}{mark(field)}</label>
      {input(place)}
      {below(place)}
    </div>
  );
}

function input(place: Place): VNodeChild {
  const { field, id, fault, value, set } = place;
  const common = { id, 'aria-describedby': described(place), 'aria-invalid': Boolean(fault), 'aria-required': field.required };
  const text = String(value ?? '');
  switch (field.kind) {
    case 'longText':
      return (
        <>
          <TextBox {...common} class={['box box-long', isLong(field) && 'box-tall']} value={text} onChange={set} rows={isLong(field) ? 6 : 3} />
          {field.hint ? <p class="hint" id={`${id}-hint`}>{field.hint}</p> : null}
          {field.max ? <p class={['counter', length(value) > field.max && 'counter-over']}>{length(value)} / {field.max}{(field.min ?? 0) > 1 ? `，至少 ${field.min} 字` : ''}</p> : null}
        </>
      );
    case 'choice':
      return (
        <select {...common} class="box" value={text} onChange={(event) => set((event.target as HTMLSelectElement).value)}>
          <option value="">{field.required ? '请选择' : '不选'}</option>
          {field.options?.map((option) => <option key={option.value} value={String(option.value)}>{option.label}</option>)}
        </select>
      );
    case 'day': return <input {...common} type="date" class="box box-day" value={text} onInput={(event) => set((event.target as HTMLInputElement).value)} />;
    case 'number': {
      const range = field.min !== undefined && field.max !== undefined && field.max < 1_000_000 ? `${field.min} 至 ${field.max}` : '';
      return <Box {...common} class="box box-figure" value={text} placeholder={range} suffix={field.unit ?? ''} inputmode="numeric" onChange={set} />;
    }
    case 'money': return <Box {...common} class="box box-figure" value={text} suffix="元" inputmode="decimal" onChange={set} />;
    case 'sensitive': return <Box {...common} value={text} autocomplete="off" onChange={set} />;
    default: return <Box {...common} value={text} placeholder={field.kind === 'case' ? '如 ZD20261122-7K3MQ9' : ''} onChange={set} />;
  }
}

function fieldset(place: Place, { formId, faults }: { formId: string; faults: Faults }): VNodeChild {
  const { field, path, id } = place;
  return (
    <fieldset class={['field', (field.kind === 'group' || field.kind === 'list') && 'field-group']} data-path={path} aria-describedby={described(place)}>
      <legend>{field.label}{mark(field)}</legend>
      {field.hint && field.kind === 'list' ? <p class="hint">{field.hint}</p> : null}
      {inside(place, id, formId, faults)}
      {field.kind === 'list' && !place.fault ? null : below(field.kind === 'list' ? { ...place, field: { ...field, hint: undefined } } : place)}
    </fieldset>
  );
}

function inside({ field, path, value, set }: Place, id: string, formId: string, faults: Faults): VNodeChild {
  switch (field.kind) {
    case 'choice': return (
      <div class={optionsOf(field)}>
        {field.options?.map((option) => optionOf('radio', id, String(option.value), option.label, value === String(option.value), () => set(String(option.value))))}
      </div>
    );
    case 'yesNo': return (
      <div class="options">
        {optionOf('radio', id, 'yes', '是', value === true, () => set(true))}
        {optionOf('radio', id, 'no', '否', value === false, () => set(false))}
      </div>
    );
    case 'choices': {
      const chosen = (value ?? []) as string[];
      const toggle = (one: string) => set(chosen.includes(one) ? chosen.filter((each) => each !== one) : [...chosen, one]);
      return <div class={optionsOf(field)}>{field.options?.map((option) => optionOf('checkbox', id, String(option.value), option.label, chosen.includes(String(option.value)), () => toggle(String(option.value))))}</div>;
    }
    case 'files': return <FilePicker files={(value ?? []) as FileTyped[]} max={field.max ?? 20} label={field.label} onChange={set} />;
    case 'organisation': return <OrganisationPicker id={id} value={String(value ?? '')} required={field.required} onChange={set} />;
    case 'group': return <Fields fields={field.fields ?? []} within={(value ?? {}) as TypedValues} path={path} formId={formId} faults={faults} />;
    default: return items({ field, path, value, set }, formId, faults);
  }
}

/** Short words stand side by side, anything longer in a column: otherwise they break wherever the width ends. */
const optionsOf = ({ options = [] }: FieldDescription): string[] => ['options', options.some(({ label }) => label.length > 6) ? 'options-column' : ''];

const optionOf = (type: 'radio' | 'checkbox', name: string, value: string, label: string, checked: boolean, choose: () => void): VNodeChild => (
  <label class="option" key={value}>
    <input type={type} name={name} value={value} checked={checked} onChange={choose} />
    <span>{label}</span>
  </label>
);

function items({ field, path, value, set }: Pick<Place, 'field' | 'path' | 'value' | 'set'>, formId: string, faults: Faults): VNodeChild {
  const rows = (value ?? []) as TypedValues[];
  const max = field.max ?? 100;
  const least = field.required ? field.min ?? 1 : 0;
  // One line of text each needs neither frame nor head.
  const isBare = field.fields?.length === 1 && !isComposed(field.fields[0]!);
  return (
    <>
      {rows.map((row, index) => (
        <div class={['item', isBare && 'item-bare']} key={index} role="group" aria-label={`${field.label} 第 ${index + 1} 项`}>
          <div class="item-head">
            <span>{isBare ? index + 1 : `第 ${index + 1} 项`}</span>
            {rows.length > least ? <button type="button" class="link" onClick={() => set(rows.filter((_, at) => at !== index))}>删除<span class="unseen">第 {index + 1} 项</span></button> : null}
          </div>
          <Fields fields={field.fields ?? []} within={row} path={`${path}.${index}`} formId={formId} faults={faults} />
        </div>
      ))}
      {rows.length < max
        ? <Button variant="dashed" size="small" onClick={() => set([...rows, blanks(field.fields ?? [])])}>添加一项</Button>
        : <p class="hint">最多 {max} 项</p>}
    </>
  );
}

/** All fields of a form, or of a group. */
export const Fields = defineComponent({
  name: 'Fields',
  props: {
    fields: { type: Array as PropType<readonly FieldDescription[]>, required: true },
    within: { type: Object as PropType<TypedValues>, required: true },
    path: { type: String, default: '' },
    formId: { type: String, required: true },
    faults: { type: Object as PropType<Faults>, required: true },
  },
  setup: (props) => () => props.fields.map((field) => (
    <Field key={field.name} field={field} within={props.within} path={props.path ? `${props.path}.${field.name}` : field.name} formId={props.formId} faults={props.faults} />
  )),
});
