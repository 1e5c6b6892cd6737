import { Button } from 'tdesign-vue-next';
import { computed, defineComponent, ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { YearView } from '../../rulebook/routes';
import { get, isProblem, post, sentenceOf } from '../api';
import { todayInShanghai } from '../format';
import { load } from '../load';
import { has } from '../session';
import { TextBox } from './box';
import { parseDays, spans, written, type HolidayDay } from './holiday-lines';
import { Modal } from './modal';
import { said, staleNote, standIn } from './states';

const WEEK = ['日', '一', '二', '三', '四', '五', '六'];
const weekday = (date: string): string => `周${WEEK[new Date(`${date}T00:00:00Z`).getUTCDay()]}`;

/** One year's days off and make-up working days, by which every time limit is counted. */
export const Holidays = defineComponent({
  name: 'Holidays',
  props: { /** Years with an arrangement. */ years: { type: Array as () => number[], required: true }, newest: { type: Number, required: true } },
  emits: { change: () => true },
  setup(props, { emit }) {
    const route = useRoute();
    const router = useRouter();
    const now = Number(todayInShanghai().slice(0, 4));
    const year = computed(() => (/^20\d\d$/.test(String(route.query['year'])) ? Number(route.query['year']) : now));
    const choices = computed(() => [...new Set([...props.years, now, now + 1, year.value])].toSorted((a, b) => b - a));
    const shown = load(() => get<YearView>(`/api/v1/rulebook/calendar/${year.value}`), () => year.value);
    const entering = ref(false);

    const table = (title: string, days: readonly HolidayDay[], none: string) => (
      <div>
        <h3>{title}（{days.length} 天）</h3>
        {days.length === 0 ? <p class="quiet">{none}</p> : (
          <table class="table table-inner">
            <thead><tr><th scope="col">日期</th><th scope="col">节日</th><th scope="col" class="right">天数</th></tr></thead>
            <tbody>{spans(days).map(({ first, last, name, count }) => <tr key={first}><td class="nowrap">{first} {weekday(first)}{first === last ? null : <> 至 {last} {weekday(last)}</>}</td><td>{name}</td><td class="right">{count}</td></tr>)}</tbody>
          </table>
        )}
      </div>
    );

    return () => (
      <>
        <div class="filters parameter-filters">
          <label for="calendar-year" class="filter-label">年份</label>
          <select id="calendar-year" class="box box-short" value={String(year.value)} onChange={(event) => void router.replace({ path: route.path, query: { view: 'calendar', year: (event.target as HTMLSelectElement).value } })}>
            {choices.value.map((one) => <option key={one} value={String(one)}>{one} 年{props.years.includes(one) ? '' : '（未公布）'}</option>)}
          </select>
        </div>
        {staleNote(shown)}
        {standIn(shown, shown.value !== null) ?? (shown.value ? (
          <section class="card" aria-labelledby="calendar-title">
            <h2 id="calendar-title" class="card-title">{year.value} 年<span class={['tag', shown.value.published ? 'tag-success' : 'tag-warning']}>{shown.value.published ? '已公布' : '未公布'}</span>{shown.value.entered ? <span class="tag tag-quiet">本局录入</span> : null}</h2>
            {shown.value.published ? <div class="halves">{table('放假', shown.value.off, '无')}{table('调休上班', shown.value.work, '没有调休上班日')}</div>
              : <p class="note note-warning">国务院办公厅尚未公布该年安排，或尚未录入。涉及该年的时限暂按周一至周五计算，并标明“暂定”；录入后自动重新计算，并通知当事人。</p>}
            {has('admin') ? <p class="opening-ask"><Button theme="default" variant="outline" onClick={() => { entering.value = true; }}>{shown.value.published ? '更正安排' : '录入安排'}</Button></p> : null}
          </section>
        ) : null)}
        {entering.value && shown.value ? <EnterYear of={shown.value} newest={props.newest} onClose={() => { entering.value = false; }} onDone={() => { entering.value = false; void shown.reload(); emit('change'); }} /> : null}
      </>
    );
  },
});

const EnterYear = defineComponent({
  name: 'EnterYear',
  props: { of: { type: Object as () => YearView, required: true }, newest: { type: Number, required: true } },
  emits: { close: () => true, done: () => true },
  setup(props, { emit }) {
    const off = ref(written(props.of.off));
    const work = ref(written(props.of.work));
    const reason = ref(props.of.published ? '' : `国务院办公厅公布${props.of.year}年节假日安排`);
    const faults = ref<{ off?: string; work?: string; reason?: string; other?: string }>({});
    const isBusy = ref(false);

    async function save(arrangement: { off: Record<string, string>; work: Record<string, string> } | null): Promise<void> {
      isBusy.value = true;
      try {
        await post('/api/v1/rulebook', { holidays: { [props.of.year]: arrangement }, reason: reason.value.trim(), on: props.newest });
        said(arrangement ? `${props.of.year} 年安排已录入，暂定的时限将重新计算` : `${props.of.year} 年已恢复为系统发布的安排`);
        emit('done');
      } catch (error) {
        const told = isProblem(error) ? error.errors : [];
        const atReason = told.find(({ field }) => field === 'reason')?.message;
        const other = told.filter(({ field }) => field !== 'reason').map(({ message }) => message).join('；');
        faults.value = { ...(atReason ? { reason: atReason } : {}), ...(other ? { other } : atReason ? {} : { other: sentenceOf(error) }) };
      } finally { isBusy.value = false; }
    }

    const send = (event: Event): void => {
      event.preventDefault();
      const [rest, makeUp] = [parseDays(off.value), parseDays(work.value)];
      faults.value = {
        ...('fault' in rest ? { off: rest.fault } : Object.keys(rest.days).length === 0 ? { off: '请填写放假日' } : {}),
        ...('fault' in makeUp ? { work: makeUp.fault } : {}), ...(reason.value.trim().length < 4 ? { reason: '请写明理由，4 到 500 字' } : {}),
      };
      if ('days' in rest && 'days' in makeUp && Object.keys(faults.value).length === 0) void save({ off: rest.days, work: makeUp.days });
    };

    const lines = (id: 'off' | 'work', label: string, value: string, hint: string, set: (next: string) => void) => (
      <div class="field">
        <label for={`year-${id}`}>{label}</label>
        <TextBox id={`year-${id}`} rows={id === 'off' ? 8 : 5} value={value} aria-invalid={Boolean(faults.value[id])} aria-describedby={`year-${id}-more`} onChange={set} />
        <div id={`year-${id}-more`}><p class="hint">{hint}</p>{faults.value[id] ? <p class="fault" role="alert">{faults.value[id]}</p> : null}</div>
      </div>
    );

    return () => (
      <Modal title={`${props.of.year} 年节假日安排`} wide onClose={() => emit('close')}>
        <form class="form" novalidate onSubmit={send}>
          {lines('off', '放假日', off.value, '每行一段，如“2027-02-05 至 2027-02-11 春节”；普通周末不必写', (next) => { off.value = next; })}
          {lines('work', '调休上班日', work.value, '每行一天，应为周六或周日，如“2027-02-20 春节”', (next) => { work.value = next; })}
          <div class="field">
            <label for="year-reason">理由</label>
            <TextBox id="year-reason" rows={2} maxlength={500} value={reason.value} aria-invalid={Boolean(faults.value.reason)} onChange={(next: string) => { reason.value = next; }} />
            {faults.value.reason ? <p class="fault" role="alert">{faults.value.reason}</p> : null}
          </div>
          <p class="note">节假日安排自录入起适用于所有案件，包括已提交的；按未公布年份暂定的时限将重新计算，并通知当事人。</p>
          {faults.value.other ? <p class="note note-error" role="alert">{faults.value.other}</p> : null}
          <div class="modal-foot">
            <Button type="submit" loading={isBusy.value}>保存安排</Button>
            {props.of.entered ? <Button theme="default" variant="outline" loading={isBusy.value} onClick={() => void save(null)}>删除本局录入的安排</Button> : null}
            <Button theme="default" variant="outline" onClick={() => emit('close')}>取消</Button>
          </div>
        </form>
      </Modal>
    );
  },
});
