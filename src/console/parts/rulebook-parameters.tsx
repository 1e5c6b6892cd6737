import { Button } from 'tdesign-vue-next';
import { computed, defineComponent, reactive, ref, watch, type PropType } from 'vue';
import type { ParameterView, RulebookView } from '../../rulebook/routes';
import { size } from '../format';
import { has } from '../session';
import { articleInWords } from '../words';
import { Box } from './box';
import { Empty } from './states';
import { RulebookSubmit, type PlannedChange } from './rulebook-submit';

const DRAFT = 'rulebook-draft';
/** Stands for what the measures do not speak of. */
const NONE = 'none';
/** The tone of a status: what the bureau may not touch is plain, what only we propose stands out. */
const TONES: Record<ParameterView['status'], string> = { regulation: 'tag-primary', law: 'tag-primary', national: 'tag-primary', precedent: 'tag-quiet', proposal: 'tag-warning' };
const STATUSES: [ParameterView['status'], string][] = [['regulation', '办法规定'], ['law', '法律法规规定'], ['national', '国家评测指标'], ['precedent', '参照其他地区做法'], ['proposal', '建议值']];

export const inWords = ({ unit, inWords: words, value }: Pick<ParameterView, 'unit' | 'inWords' | 'value'>): string => (unit === 'bytes' ? size(value) : words);
const newInWords = (parameter: ParameterView, text: string): string =>
  (parameter.unit === 'switch' ? (text === '1' ? '是' : '否') : parameter.unit === 'bytes' ? size(Number(text)) : `${text} ${parameter.unitLabel}`.trim());

/** Numbers of what is not in operation yet are told apart: changing one would change nothing. */
const isUsed = ({ used }: ParameterView): boolean => used;
/** What says no more than the tag beside it does. */
const SAYS_NOTHING = /^本系统建议值/;

const draftOf = (): Record<string, string> => {
  try { return JSON.parse(sessionStorage.getItem(DRAFT) ?? '{}') as Record<string, string>; } catch { return {}; }
};

/** Every number of the rules by its article, with where it comes from; an administrator changes several at once and hands them in as one version. */
export const RulebookParameters = defineComponent({
  name: 'RulebookParameters',
  props: { rulebook: { type: Object as PropType<RulebookView>, required: true }, newest: { type: Number, required: true }, /** The day a planned version begins, if one waits. */ plannedFrom: String },
  emits: { change: () => true },
  setup(props, { emit }) {
    const text = ref('');
    const status = ref('');
    const only = ref('');
    const typed = reactive<Record<string, string>>(draftOf());
    const editing = reactive(new Set<string>(Object.keys(typed)));
    const faults = ref<Record<string, string>>({});
    const submitting = ref(false);
    watch(typed, () => sessionStorage.setItem(DRAFT, JSON.stringify(typed)));

    const changes = computed<PlannedChange[]>(() => props.rulebook.parameters.flatMap((parameter) => {
      const entered = typed[parameter.id]?.trim();
      return entered === undefined || entered === '' || Number(entered) === parameter.value ? [] : [{ parameter, value: Number(entered), from: inWords(parameter), to: newInWords(parameter, entered) }];
    }));

    const groups = computed(() => {
      const wanted = text.value.trim();
      const found = props.rulebook.parameters.filter((parameter) =>
        (!only.value || (parameter.article ?? NONE) === only.value) && (!status.value || parameter.status === status.value) && (!wanted || [parameter.label, parameter.source, parameter.note, parameter.id].some((words) => words.includes(wanted)) || editing.has(parameter.id)));
      const byArticle = new Map<string, ParameterView[]>();
      for (const parameter of found) byArticle.set(parameter.article ?? NONE, [...byArticle.get(parameter.article ?? NONE) ?? [], parameter]);
      const inUse = (parameters: readonly ParameterView[]): number => (parameters.some(isUsed) ? 0 : 1);
      return [...byArticle].map(([no, parameters]): [string, ParameterView[]] => [no, parameters.toSorted((a, b) => Number(!isUsed(a)) - Number(!isUsed(b)))])
        .toSorted(([a, these], [b, those]) => inUse(these) - inUse(those) || place(a) - place(b));
    });
    const order = props.rulebook.articles.map(({ no }) => no as string);
    const place = (no: string): number => (no === NONE ? order.length : order.indexOf(no));
    const articles = computed(() => [...new Set(props.rulebook.parameters.map(({ article }) => article ?? NONE))].toSorted((a, b) => place(a) - place(b)));
    const titleOf = (no: string): string => {
      const article = props.rulebook.articles.find((one) => one.no === no);
      return no === NONE ? '系统运行（办法未涉及）' : `${articleInWords(no)}　${article?.title ?? ''}`;
    };

    const edit = (parameter: ParameterView): void => {
      editing.add(parameter.id);
      typed[parameter.id] ??= String(parameter.value);
    };
    const undo = (id: string): void => {
      editing.delete(id);
      delete typed[id];
      delete faults.value[id];
    };
    const undoAll = (): void => { for (const id of editing) undo(id); };

    const input = (parameter: ParameterView) => {
      const { id, label, unit, unitLabel, min, max } = parameter;
      const change = (value: string): void => {
        typed[id] = value;
        delete faults.value[id];
      };
      return (
        <div class="parameter-edit">
          {unit === 'switch' ? (
            <select class="box box-short" aria-label={`${label}的新值`} value={typed[id]} onChange={(event) => change((event.target as HTMLSelectElement).value)}><option value="1">是</option><option value="0">否</option></select>
          ) : <Box class="box box-figure" aria-label={`${label}的新值`} inputmode="decimal" value={typed[id] ?? ''} suffix={unitLabel} aria-invalid={Boolean(faults.value[id])} onChange={change} />}
          <button type="button" class="link" onClick={() => undo(id)}>撤销<span class="unseen">{label}</span></button>
          <p class="hint">现行 {inWords(parameter)}{unit === 'switch' ? '' : `，可为 ${min} 至 ${max}`}</p>
          {faults.value[id] ? <p class="fault" role="alert">{faults.value[id]}</p> : null}
        </div>
      );
    };

    const row = (parameter: ParameterView) => (
      <tr key={parameter.id} class={editing.has(parameter.id) ? 'row-chosen' : ''}>
        <th scope="row" class="wrap">{parameter.label}{parameter.anchor ? <p class="quiet">自{parameter.anchor}起</p> : null}</th>
        <td>{editing.has(parameter.id) ? input(parameter) : <strong class="nowrap">{inWords(parameter)}</strong>}</td>
        <td><span class={['tag', TONES[parameter.status]]}>{parameter.statusLabel}</span></td>
        <td class="parameter-source">{SAYS_NOTHING.test(parameter.source) ? null : parameter.source}{parameter.note ? <p class="quiet">{parameter.note}</p> : null}</td>
        <td class="row-deeds">{!isUsed(parameter) ? <span class="tag tag-quiet">尚未启用</span> : !parameter.configurable ? <span class="quiet">不可修改</span> : has('admin') && !editing.has(parameter.id)
          ? <button type="button" class="link" onClick={() => edit(parameter)}>修改<span class="unseen">{parameter.label}</span></button> : null}</td>
      </tr>
    );

    return () => (
      <>
        <div class="filters parameter-filters">
          <label for="parameter-text" class="filter-label">查找</label>
          <Box id="parameter-text" class="box box-short" value={text.value} placeholder="名称或来源" onChange={(value: string) => { text.value = value; }} />
          <label for="parameter-article" class="filter-label">条款</label>
          <select id="parameter-article" class="box box-short" value={only.value} onChange={(event) => { only.value = (event.target as HTMLSelectElement).value; }}>
            <option value="">全部条款</option>
            {articles.value.map((no) => <option key={no} value={no}>{titleOf(no)}</option>)}
          </select>
          <label for="parameter-status" class="filter-label">性质</label>
          <select id="parameter-status" class="box box-short" value={status.value} onChange={(event) => { status.value = (event.target as HTMLSelectElement).value; }}>
            <option value="">全部</option>
            {STATUSES.map(([key, label]) => <option key={key} value={key}>{label}</option>)}
          </select>
        </div>
        {groups.value.length === 0 ? <section class="card"><Empty title="没有符合条件的参数" /></section> : groups.value.map(([no, parameters]) => (
          <section key={no} class="card" aria-labelledby={`parameters-${no}`}>
            <h2 id={`parameters-${no}`} class="card-title">{titleOf(no)}</h2>
            <table class="table parameters">
              <thead><tr><th scope="col">参数</th><th scope="col">现行值</th><th scope="col">性质</th><th scope="col">来源和说明</th><th scope="col"><span class="unseen">操作</span></th></tr></thead>
              <tbody>{parameters.map(row)}</tbody>
            </table>
          </section>
        ))}
        {editing.size > 0 ? (
          <div class="pending" role="region" aria-label="待提交的修改">
            <span role="status">{changes.value.length === 0 ? '填入新值后提交' : `已改 ${changes.value.length} 项，尚未提交`}</span>
            <Button disabled={changes.value.length === 0} onClick={() => { submitting.value = true; }}>核对并提交</Button>
            <Button theme="default" variant="outline" onClick={undoAll}>全部放弃</Button>
          </div>
        ) : null}
        {submitting.value ? (
          <RulebookSubmit
            changes={changes.value} newest={props.newest} plannedFrom={props.plannedFrom} onClose={() => { submitting.value = false; }}
            onFaults={(found: Record<string, string>) => { faults.value = found; }}
            onDone={() => { submitting.value = false; undoAll(); emit('change'); }}
          />
        ) : null}
      </>
    );
  },
});
