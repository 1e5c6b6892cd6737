import type { CaseLine } from '../../services/types';

/** One case of a list: what it is, where it stands, until when. A tap opens it. */
Component({
  properties: { line: { type: Object, value: {} as CaseLine } },
  data: { parties: [] as string[], named: '', isOver: false },
  observers: {
    line({ parties = [], subject = '', inWords }: CaseLine) {
      const names = [subject, ...parties.map(({ name }) => name)].filter(Boolean);
      this.setData({ parties: names, named: names.join('，'), isOver: Boolean(inWords?.startsWith('已超期')) });
    },
  },
  methods: {
    open() { void wx.navigateTo({ url: `/pages/case/index?no=${this.data.line.no}` }); },
  },
});
