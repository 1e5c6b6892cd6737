import { defineComponent, onBeforeUnmount, onMounted, ref, watch, type PropType } from 'vue';
import type { ChartOption } from '../charts';
import { complain, said } from './states';

export interface Grid { head: string[]; rows: (string | number)[][] }

/** A picture of numbers. It says nothing to a screen reader: the table beside it says it all. */
const Picture = defineComponent({
  name: 'Picture',
  props: { option: { type: Object as PropType<ChartOption>, required: true }, height: { type: Number, required: true } },
  setup(props) {
    const element = ref<HTMLElement>();
    const failed = ref(false);
    let chart: ReturnType<(typeof import('../charts'))['draw']> | null = null;
    let gone = false;
    onMounted(async () => {
      try {
        const { draw } = await import('../charts');
        if (!gone && element.value) chart = draw(element.value, props.option);
      } catch (error) {
        console.warn(error);
        failed.value = true;
      }
    });
    watch(() => props.option, (option) => chart?.set(option));
    onBeforeUnmount(() => { gone = true; chart?.stop(); });
    return () => (
      <div class="chart" aria-hidden="true">
        {failed.value ? <p class="quiet">图未能加载，数据见表。</p> : <div ref={element} class="chart-canvas" style={{ height: `${props.height}px` }} />}
      </div>
    );
  },
});

const tabbed = ({ head, rows }: Grid): string => [head, ...rows].map((row) => row.join('\t')).join('\n');

/** A chart and the same as a table, which can be read out and copied into a spreadsheet. */
export const ChartCard = defineComponent({
  name: 'ChartCard',
  props: {
    title: { type: String, required: true }, hint: { type: String, default: '' },
    option: { type: Object as PropType<ChartOption | null>, default: null }, grid: { type: Object as PropType<Grid>, required: true },
    height: { type: Number, default: 260 }, wide: Boolean,
  },
  setup(props, { slots }) {
    const copy = (): void => { navigator.clipboard.writeText(tabbed(props.grid)).then(() => said('表格已复制，可粘贴到电子表格'), complain); };
    return () => (
      <section class="card" aria-label={props.title}>
        <div class="chart-head">
          <h2 class="card-title">{props.title}</h2>
          {slots.default?.()}
          <button type="button" class="link chart-copy" onClick={copy}>复制表格<span class="unseen">：{props.title}</span></button>
        </div>
        {props.hint ? <p class="quiet chart-hint">{props.hint}</p> : null}
        <div class={['chart-pair', props.wide && 'chart-pair-wide']}>
          {props.option ? <Picture option={props.option} height={props.height} /> : null}
          <div class="scroll" tabindex="0" role="group" aria-label={`${props.title}：数据表`}>
            <table class="table table-inner">
              <thead><tr>{props.grid.head.map((word, index) => <th key={word} scope="col" class={index > 0 ? 'right' : ''}>{word}</th>)}</tr></thead>
              <tbody>{props.grid.rows.map((row, at) => <tr key={at}>{row.map((value, index) => (index === 0 ? <th key={index} scope="row">{value}</th> : <td key={index} class="right nowrap">{value}</td>))}</tr>)}</tbody>
            </table>
          </div>
        </div>
      </section>
    );
  },
});
