import type { CaseLine } from '../../services/types';
import { momentInWords } from '../../utils/format';

/** One case of a list: what it is, where it stands, until when. A tap opens it. */
Component({
  properties: {
    line: { type: Object, value: {} as CaseLine },
    /** Name acted under: one's own is left out. */
    me: { type: String, value: '' },
  },
  data: { parties: [] as string[], named: '', isOver: false, updated: '' },
  observers: {
    'line, me'({ parties = [], subject = '', inWords, updatedAt }: CaseLine, me: string) {
      // With whom it is: not oneself, no pseudonym of a reporter, no part nobody has yet.
      const names = [subject, ...parties.filter(({ party, title, name }) => name !== me && name !== title && party !== 'reporter').map(({ name }) => name)].filter(Boolean);
      this.setData({ parties: names, named: names.join('，'), isOver: Boolean(inWords?.startsWith('已超期')), updated: updatedAt ? `${momentInWords(updatedAt, new Date()).split(' ')[0]!} 更新` : '' });
    },
  },
  methods: {
    open() { void wx.navigateTo({ url: `/pages/case/index?no=${this.data.line.no}` }); },
  },
});
