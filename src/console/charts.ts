import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

/** Only what the pages draw; loaded when the first chart is looked at. */
use([BarChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export type ChartOption = EChartsCoreOption;

/** Draws into an element and keeps to its size until told to stop. Tips are drawn, not written: the page allows no style of its own making. */
export function draw(element: HTMLElement, option: ChartOption): { set(option: ChartOption): void; stop(): void } {
  const chart = init(element, undefined, { renderer: 'canvas' });
  const whole = (more: ChartOption): ChartOption => ({
    animation: false, textStyle: { fontFamily: getComputedStyle(element).fontFamily, fontSize: 12 },
    ...more, tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, axisPointer: { type: 'shadow' }, ...(more['tooltip'] as object | undefined) },
  });
  chart.setOption(whole(option));
  const watcher = new ResizeObserver(() => chart.resize());
  watcher.observe(element);
  return {
    set: (next) => chart.setOption(whole(next), { notMerge: true }),
    stop: () => { watcher.disconnect(); chart.dispose(); },
  };
}
