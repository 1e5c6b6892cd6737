import { computed, defineComponent, inject, watch, type PropType } from 'vue';
import type { Baseline } from '../../procedures/acceptance/forms';
import { questions, scenarioList, valueWord } from '../../procedures/structure-words';
import type { Metrics } from '../../rulebook/metrics';
import { answerFaults, scoreSoFar, type Score } from '../../rulebook/scoring';
import { get } from '../api';
import { number } from '../format';
import { load } from '../load';
import { CASE_DATA } from '../parts/case-context';
import type { Faults, TypedValues } from './values';

const LEVELS = ['未达一级', '一级', '二级', '三级', '四级'];

/**
 * The 2024 metrics as somebody fills them in on site: each scenario beside its level before and what the plan promised, the questions,
 * and the score as it grows. Whole, it settles the grade after.
 */
export const QuestionnaireField = defineComponent({
  name: 'QuestionnaireField',
  props: {
    label: { type: String, required: true }, path: { type: String, required: true }, value: { type: Object as PropType<TypedValues>, required: true },
    /** All values of the form: the grade stands beside the questionnaire. */
    form: { type: Object as PropType<TypedValues>, required: true }, faults: { type: Object as PropType<Faults>, required: true },
  },
  emits: { change: (_value: TypedValues) => true },
  setup(props, { emit }) {
    const metrics = load(() => get<Metrics>('/api/v1/rulebook/metrics'));
    const data = inject(CASE_DATA, null);
    const baseline = computed(() => new Map(((data?.value['baseline'] ?? []) as Baseline[]).map((one) => [one.scenario as string, one])));
    const levels = computed(() => (props.value['scenarios'] ?? {}) as Record<string, number>);
    const isBegun = computed(() => Object.keys(props.value).length > 0);
    const missing = computed(() => (metrics.value && isBegun.value ? answerFaults(metrics.value, props.value) : []));
    const score = computed<Score | null>(() => (metrics.value && isBegun.value ? scoreSoFar(metrics.value, props.value) : null));

    const set = (name: string, value: TypedValues[string]): void => {
      delete props.faults[`${props.path}.${name}`];
      emit('change', { ...props.value, [name]: value });
    };
    const setLevel = (key: string, text: string): void => {
      delete props.faults[`${props.path}.scenarios.${key}`];
      const { [key]: _, ...rest } = levels.value;
      emit('change', { ...props.value, scenarios: text === '' ? rest : { ...rest, [key]: Number(text) } });
    };
    // The grade of a whole questionnaire is no opinion: the server would refuse another.
    watch(() => (isBegun.value && missing.value.length === 0 ? score.value?.grade : undefined), (grade) => { if (grade !== undefined) props.form['gradeAfter'] = String(grade); }, { immediate: true });

    const fault = (name: string) => (props.faults[`${props.path}.${name}`] ? <p class="fault">{props.faults[`${props.path}.${name}`]}</p> : null);

    const scenario = ([key, name]: [string, string]) => {
      const before = baseline.value.get(key);
      const level = levels.value[key];
      const aim = before?.targetLevel;
      return (
        <tr key={key}>
          <th scope="row">{name}</th>
          <td class="nowrap">{before ? valueWord('levelBefore', before.levelBefore) : '—'}</td>
          <td class="nowrap">{aim ? valueWord('targetLevel', aim) : before?.inPlan ? '列入方案' : '—'}</td>
          <td>
            <select class="box" aria-label={`${name} 现场评定`} value={level === undefined ? '' : String(level)} onChange={(event) => setLevel(key, (event.target as HTMLSelectElement).value)}>
              <option value="">请选择</option>
              {LEVELS.map((word, at) => <option key={at} value={String(at)}>{word}</option>)}
            </select>
            {aim !== undefined && level !== undefined && level < aim ? <span class="ask-below">　低于目标</span> : null}
            {fault(`scenarios.${key}`)}
          </td>
        </tr>
      );
    };

    const question = (id: string, no: number, title: string, choice: string, options: { code: string; label: string }[]) => {
      const chosen = [props.value[id] ?? []].flat() as string[];
      const pick = (code: string): void => {
        if (choice === 'one') set(id, code);
        // 无 excludes the others.
        else if (code === 'A') set(id, chosen.includes('A') ? [] : ['A']);
        else set(id, chosen.includes(code) ? chosen.filter((one) => one !== code) : [...chosen.filter((one) => one !== 'A'), code]);
      };
      return (
        <fieldset class="field" key={id} data-path={`${props.path}.${id}`}>
          <legend>{no}. {title}{choice === 'many' ? '（可多选）' : ''}</legend>
          <div class="options">
            {options.map(({ code, label }) => (
              <label class="option" key={code}><input type={choice === 'one' ? 'radio' : 'checkbox'} name={`${props.path}-${id}`} checked={chosen.includes(code)} onChange={() => pick(code)} /><span>{code} {label}</span></label>
            ))}
          </div>
          {fault(id)}
        </fieldset>
      );
    };

    return () => (
      <details class="ask" open={isBegun.value || Object.keys(props.faults).some((path) => path.startsWith(props.path))}>
        <summary>{props.label}<span class="quiet">（选填；填写的须填全，等级由系统按指标计算）</span></summary>
        {props.faults[props.path] ? <p class="fault" role="alert">{props.faults[props.path]}</p> : null}
        {score.value ? (
          <p class="ask-score" role="status">
            {missing.value.length === 0
              ? <>总分 <strong>{number(score.value.total)}</strong>，改造后等级 <strong>{score.value.gradeName}</strong>，已填入“改造后等级”。</>
              : <>已得 <strong>{number(score.value.total)}</strong> 分，还有 {missing.value.length} 项未填。</>}
            <button type="button" class="link" onClick={() => emit('change', {})}>清空问卷</button>
          </p>
        ) : null}
        <h3>十六个应用场景</h3>
        <div class="scroll" tabindex="0" role="group" aria-label="应用场景评定">
          <table class="table table-inner">
            <thead><tr><th scope="col">应用场景</th><th scope="col">改造前</th><th scope="col">方案目标</th><th scope="col">现场评定</th></tr></thead>
            <tbody>{scenarioList().map(scenario)}</tbody>
          </table>
        </div>
        {fault('scenarios')}
        <h3>十五题</h3>
        {questions().map(([id, { no, title, options }]) => question(id, no, title, metrics.value?.questions.find((one) => one.id === id)?.choice ?? 'one', options))}
      </details>
    );
  },
});
