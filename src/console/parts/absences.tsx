import { Button } from 'tdesign-vue-next';
import type { FunctionalComponent } from 'vue';
import type { Absence } from '../session';

/** Spans of days away; faults by index. `drawn`: of somebody who is drawn for single matters and sits at no desk. */
export const Absences: FunctionalComponent<{ value: Absence[]; faults: Record<string, string>; drawn?: boolean }, { change: (value: Absence[]) => void }> = ({ value, faults, drawn }, { emit }) => {
  const set = (index: number, more: Partial<Absence>) => emit('change', value.map((one, at) => (at === index ? { ...one, ...more } : one)));
  return (
    <fieldset class="field">
      <legend>请假</legend>
      {value.map(({ from, to }, index) => (
        <div class="absence" key={index}>
          <input type="date" class="box box-day" aria-label={`第 ${index + 1} 段开始日期`} value={from} onInput={(event) => set(index, { from: (event.target as HTMLInputElement).value })} />
          <span>至</span>
          <input type="date" class="box box-day" aria-label={`第 ${index + 1} 段结束日期`} value={to} onInput={(event) => set(index, { to: (event.target as HTMLInputElement).value })} />
          <button type="button" class="link" onClick={() => emit('change', value.filter((_, at) => at !== index))}>删除<span class="unseen">第 {index + 1} 段</span></button>
          {['', '.from', '.to'].map((part) => faults[`absences.${index}${part}`]).filter(Boolean).map((text) => <p class="fault" key={text}>{text}</p>)}
        </div>
      ))}
      <Button size="small" variant="dashed" theme="default" onClick={() => emit('change', [...value, { from: '', to: '' }])}>添加请假</Button>
      <p class="hint">{drawn ? '请假期间不参加抽取；已接的事项不受影响，不能按期办理的请在案件里回避。' : '请假期间不再派单，名下任务退回队列，另行派单。'}</p>
    </fieldset>
  );
};
Absences.props = { value: Array, faults: Object, drawn: Boolean };
Absences.emits = ['change'];
