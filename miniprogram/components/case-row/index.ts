import type { CaseLine } from '../../services/types';

/** One case of a list: what it is, where it stands, until when. A tap opens it. */
Component({
  properties: { line: { type: Object, value: {} as CaseLine } },
  data: { parties: [] as string[], isOver: false },
  observers: {
    line({ parties = [], inWords }: CaseLine) {
      this.setData({ parties: parties.map(({ name }) => name).filter(Boolean), isOver: Boolean(inWords?.startsWith('已超期')) });
    },
  },
  methods: {
    open() { void wx.navigateTo({ url: `/pages/case/index?no=${this.data.line.no}` }); },
  },
});
