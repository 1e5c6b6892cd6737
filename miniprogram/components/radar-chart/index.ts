import { drawRadar, type Pen, type Series } from './drawing';

interface Found { node: { width: number; height: number; getContext(kind: '2d'): Pen & { scale(x: number, y: number): void } } | null; width: number; height: number }

/** A radar chart on a canvas. Whoever cannot see it reads its label; put the numbers beside it as well. */
Component({
  properties: {
    axes: { type: Array, value: [] as string[] },
    series: { type: Array, value: [] as Series[] },
  },
  data: { label: '' },
  lifetimes: {
    ready() { this.draw(); },
  },
  observers: {
    'axes, series'(axes: string[], series: Series[]) {
      this.setData({ label: `雷达图。${series.map(({ name, values }) => `${name}：${axes.map((axis, index) => `${axis}${(values[index] ?? 0).toFixed(1)}`).join('，')}`).join('。')}` });
      this.draw();
    },
  },
  methods: {
    draw() {
      const { axes, series } = this.data;
      if (axes.length === 0) return;
      this.createSelectorQuery().select('#radar').fields({ node: true, size: true }).exec(([found]: (Found | null)[]) => {
        // Not drawn yet: `ready` will ask again.
        if (!found?.node) return;
        const { node, width, height } = found;
        const ratio = wx.getWindowInfo().pixelRatio;
        node.width = width * ratio;
        node.height = height * ratio;
        const pen = node.getContext('2d');
        pen.scale(ratio, ratio);
        drawRadar(pen, axes, series, width, height);
      });
    },
  },
});
