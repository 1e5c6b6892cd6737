import { computed, defineComponent, ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { ProcedureFigures, StatisticsView, Took } from '../../statistics/statistics';
import { get, query } from '../api';
import { moment, number } from '../format';
import { load } from '../load';
import { ChartCard, type Grid } from '../parts/chart';
import { Empty, staleNote, standIn } from '../parts/states';
import { amount, bars, grouped, perMonth, portion } from '../parts/chart-shapes';

const SCOPES = {
  city: '全市案件', own: '您有权查看的案件',
} as const;

const isNothing = (...all: readonly number[][]): boolean => all.flat().every((count) => count === 0);
const timesOf = (took: Took, unit = '个工作日'): string[] => [took.median, took.p90].map((value) => (value === null ? '—' : value === 0 && unit !== '分钟' ? '当日' : `${number(value)} ${unit}`));
/** Months before the first case say nothing. */
const sinceFirst = (...all: readonly number[][]): number => Math.max(Math.min(...all.map((counts) => counts.findIndex((count) => count > 0)).filter((at) => at >= 0)), 0);

/** The year in charts, each with its table: what came, what waits, how long things take, what came of them. */
export default defineComponent({
  name: 'StatisticsPage',
  setup() {
    const route = useRoute();
    const router = useRouter();
    const year = computed(() => String(route.query['year'] ?? ''));
    const view = load(() => get<StatisticsView>(`/api/v1/statistics${query({ year: year.value })}`), () => year.value);
    const chosen = ref('');
    const closer = computed(() => {
      const all = view.value?.procedures ?? [];
      return all.find(({ procedure }) => procedure === chosen.value) ?? all.find(({ opened, band }) => opened > 0 && band === null) ?? all[0];
    });
    const open = computed(() => (view.value?.procedures ?? []).filter(({ band }) => band === null));

    const overview = ({ procedures }: StatisticsView) => {
      const shown = procedures.filter(({ opened, band }) => opened > 0 || band !== null);
      const grid: Grid = {
        head: ['事项', '新收', '在办', '办结', '超期', '超期率（占在办）'],
        rows: shown.map(({ title, opened, open: running, closed, overdue, band }) =>
          [title, amount(opened, band), amount(running, band), amount(closed, band), amount(overdue, band), band === null ? portion(overdue, running) : '—']),
      };
      // A band is no length.
      const exact = shown.filter(({ band }) => band === null);
      const option = bars(exact.map(({ title }) => title), [
        { name: '办结', values: exact.map(({ closed }) => closed), colour: 'light', stack: true },
        { name: '在办', values: exact.map(({ open: running, overdue }) => Math.max(running - overdue, 0)), colour: 'blue', stack: true },
        { name: '超期', values: exact.map(({ overdue }) => overdue), colour: 'red', stack: true },
      ]);
      return <ChartCard title="各事项" grid={grid} option={option} height={60 + exact.length * 30} />;
    };

    const months = ({ year: of, months: count }: StatisticsView) => {
      const total = (which: 'opened' | 'closed') => Array.from({ length: count }, (_, index) => open.value.reduce((sum, one) => sum + one.months[which][index]!, 0));
      const all = [total('opened'), total('closed')] as const;
      if (isNothing(...all)) return <section class="card"><h2 class="card-title">{of} 年各月</h2><p class="quiet">没有新收和办结的案件（不含实名举报和情况核实）。</p></section>;
      const first = sinceFirst(...all);
      const [opened, closed] = [all[0].slice(first), all[1].slice(first)];
      const names = opened.map((_, index) => `${first + index + 1} 月`);
      return (
        <ChartCard
          title={`${of} 年各月`} hint="不含实名举报和情况核实。" option={perMonth(names, [{ name: '新收', values: opened, colour: 'grey' }, { name: '办结', values: closed, colour: 'light' }])}
          grid={{ head: ['月份', '新收', '办结'], rows: names.map((name, index) => [name, number(opened[index]!), number(closed[index]!)]) }}
        />
      );
    };

    const steps = ({ title, steps: all, band }: ProcedureFigures) => {
      const done = all.filter(({ finished }) => finished > 0);
      if (done.length === 0) return <section class="card"><h2 class="card-title">{title}：各环节用时</h2><p class="quiet">{band === null ? '还没有走完的环节。' : '走完的不足 5 次，不予显示。'}</p></section>;
      const grid: Grid = {
        head: ['环节', '现行时限', '次数', '中位用时', '九成不超过', '超过现行时限'],
        rows: done.map((step) => [step.title, step.limit, amount(step.finished, band), ...timesOf(step, step.unit), step.late === null ? '—' : portion(step.late, step.finished)]),
      };
      const option = bars(done.map((step) => step.title), [
        { name: '中位用时', values: done.map(({ median }) => median ?? 0), colour: 'blue' }, { name: '九成不超过', values: done.map(({ p90 }) => p90 ?? 0), colour: 'light' },
      ]);
      return <ChartCard title={`${title}：各环节用时`} hint="从进入该环节的次日起算，中止的时间不计。" grid={grid} option={option} height={60 + done.length * 44} wide />;
    };

    const states = ({ title, states: every, band }: ProcedureFigures) => {
      const all = every.filter(({ count }) => count > 0 || band !== null);
      return all.length === 0 ? null : (
      <ChartCard
        title={`${title}：现处状态`} grid={{ head: ['状态', '件数'], rows: all.map(({ title: word, count }) => [word, amount(count, band)]) }}
        option={band === null ? bars(all.map(({ title: word }) => word), [{ name: '件数', values: all.map(({ count }) => count), colour: 'blue' }]) : null} height={50 + all.length * 30}
      />
      );
    };

    const oneByMonth = ({ title, months: { opened, closed }, band }: ProcedureFigures) => {
      if (band === null && isNothing(opened, closed)) return null;
      const first = sinceFirst(opened, closed);
      const names = opened.slice(first).map((_, index) => `${first + index + 1} 月`);
      return (
        <ChartCard
          title={`${title}：各月`} option={band === null ? perMonth(names, [{ name: '新收', values: opened.slice(first), colour: 'grey' }, { name: '办结', values: closed.slice(first), colour: 'light' }]) : null}
          grid={{ head: ['月份', '新收', '办结'], rows: names.map((name, index) => [name, amount(opened[first + index]!, band), amount(closed[first + index]!, band)]) }}
        />
      );
    };

    const desks = ({ desks: all }: StatisticsView) => {
      const shown = all.filter((desk) => desk.open > 0 || desk.finished > 0);
      if (shown.length === 0) return null;
      return (
        <ChartCard
          title="各队列" hint="不含实名举报和情况核实。" wide height={60 + shown.length * 40}
          grid={{ head: ['队列', '在办', '超期', '办理次数', '中位用时', '九成不超过', '超过现行时限'], rows: shown.map((desk) => [desk.title, number(desk.open), number(desk.overdue), number(desk.finished), ...timesOf(desk), portion(desk.late ?? 0, desk.finished)]) }}
          option={bars(shown.map(({ title }) => title), [
            { name: '在办', values: shown.map((desk) => Math.max(desk.open - desk.overdue, 0)), colour: 'blue', stack: true }, { name: '超期', values: shown.map(({ overdue }) => overdue), colour: 'red', stack: true },
          ])}
        />
      );
    };

    const counties = ({ counties: all }: StatisticsView) => (all.length === 0 ? null : (
      <ChartCard
        title="各县（市、区）" hint="不含实名举报和情况核实。" height={60 + all.length * 34}
        grid={{ head: ['县（市、区）', '新收', '在办', '超期', '超期率（占在办）'], rows: all.map((one) => [one.title, number(one.opened), number(one.open), number(one.overdue), portion(one.overdue, one.open)]) }}
        option={bars(all.map(({ title }) => title), [{ name: '新收', values: all.map(({ opened }) => opened), colour: 'grey' }, { name: '超期', values: all.map(({ overdue }) => overdue), colour: 'red' }])}
      />
    ));

    const figure = ({ title, band, by, counts }: StatisticsView['figures'][number]) => {
      if (band === null && counts.every(({ count }) => count === 0)) return null;
      const [rows, columns] = [by[0]!.words, by[1]?.words];
      const at = (row: number, column?: number): number => counts.find(({ of }) => of[0] === row && of[1] === column)?.count ?? 0;
      const hint = band === null ? '' : `按 ${band} 件一档显示，以免由数字推知举报人。`;
      if (!columns) {
        return (
          <ChartCard
            key={title} title={title} hint={hint} grid={{ head: [by[0]!.title, '件数'], rows: rows.map((word, row) => [word, amount(at(row), band)]) }}
            option={band === null ? bars(rows, [{ name: '件数', values: rows.map((_, row) => at(row)), colour: 'blue' }]) : null} height={50 + rows.length * 32}
          />
        );
      }
      return (
        <ChartCard
          key={title} title={title} hint={hint} height={60 + rows.length * 36}
          grid={{ head: [`${by[0]!.title}／${by[1]!.title}`, ...columns], rows: rows.map((word, row) => [word, ...columns.map((_, column) => amount(at(row, column), band))]) }}
          option={grouped(rows, columns, at)}
        />
      );
    };

    return () => (
      <div class="page">
        <div class="page-head">
          <h1>统计分析</h1>
          <div class="filters">
            {view.value ? <label class="filter-label" for="statistics-year">年度</label> : null}
            {view.value ? <select id="statistics-year" class="box box-short" value={String(view.value?.year ?? year.value)} onChange={(event) => void router.replace({ query: { year: (event.target as HTMLSelectElement).value } })}>
              {(view.value?.years ?? []).map((one) => <option key={one} value={String(one)}>{one} 年</option>)}
            </select> : null}
            {view.value ? <span class="quiet">统计范围：{SCOPES[view.value.scope]}，按提交年度；截至 {moment(view.value.asOf)}</span> : null}
          </div>
        </div>
        {staleNote(view)}
        {standIn(view, view.value !== null) ?? (view.value ? (
          view.value.procedures.every(({ opened }) => opened === 0) ? <section class="card"><Empty title={view.value.procedures.some(({ band }) => band !== null) ? '这一年度还没有可以显示的案件' : '这一年度还没有案件'} hint={[...(view.value.years.length > 1 ? ['可换一个年度'] : []), view.value.scope === 'own' ? '只统计您有权查看的案件' : '实名举报和情况核实不足一档的不显示'].join('；')} /></section> : (
            <div class="charts">
              {view.value.isPartial ? <p class="note note-warning">案件数量超过一次统计的上限，只计入最近提交的部分。</p> : null}
              {overview(view.value)}
              {view.value.procedures.some(({ band }) => band !== null) ? <p class="quiet">实名举报和情况核实按 5 件一档显示（0–4、5–9……），不显示占比，以免由数字推知举报人（第十八条）。</p> : null}
              {months(view.value)}
              {desks(view.value)}
              {counties(view.value)}
              {view.value.figures.map(figure)}
              <div class="charts-of">
                <h2 id="closer">按事项细看</h2>
                <select class="box box-short" aria-labelledby="closer" value={closer.value?.procedure} onChange={(event) => { chosen.value = (event.target as HTMLSelectElement).value; }}>
                  {view.value.procedures.map(({ procedure, title }) => <option key={procedure} value={procedure}>{title}</option>)}
                </select>
              </div>
              {closer.value ? <>{steps(closer.value)}{states(closer.value)}{oneByMonth(closer.value)}</> : null}
            </div>
          )
        ) : null)}
      </div>
    );
  },
});
