import { api } from '../../services/api';
import { factsOf, type Fact } from '../../forms/model';
import type { CaseView, MoveView } from '../../services/types';
import { newKey } from '../../services/wechat';
import { momentInWords } from '../../utils/format';
import { readingOf, type Reading } from '../../utils/reading';
import { dataOf, LOADING, READY, say, standingOf, wordsOf } from '../../utils/page';

const latestFirst = <T>(list: readonly T[]): T[] => list.map((_, index) => list[list.length - 1 - index]!);

interface Step { seq: number; when: string; title: string; by: string; basis: string; note: string }

/** One case: where it stands, who has it, until when, what happened and why, and exactly the moves that are open. */
Page({
  data: {
    ...LOADING, view: null as CaseView | null, facts: [] as Fact[], reading: null as Reading | null, steps: [] as Step[], isOver: false, wholeStory: false, acting: false,
    due: '', parties: [] as { title: string; name: string }[],
  },
  no: '',
  /** A move the link asked for; opened once. */
  wanted: '',
  key: '',

  onLoad({ no = '', move = '' }: { no?: string; move?: string }) {
    this.no = decodeURIComponent(no);
    this.wanted = move;
    this.key = newKey();
  },
  onShow() { void this.load(); },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  async load() {
    try {
      const view = await api.case(this.no);
      const now = new Date();
      void wx.setNavigationBarTitle({ title: view.title });
      this.setData({
        ...READY, view,
        facts: factsOf(view.fields.filter(({ name }) => name !== 'planHash'), view.data, view.parties),
        reading: readingOf(view),
        steps: latestFirst(view.timeline).map(({ seq, at, title, by, article, articleInWords, note }) => ({ seq, when: momentInWords(at, now), title, by, basis: article ? articleInWords : '', note: note ?? '' })),
        isOver: view.clock?.inWords.startsWith('已超期') ?? false,
        due: view.clock ? momentInWords(view.clock.due, now) : '',
        parties: view.parties.filter(({ name }) => name !== ''),
      });
      const asked = view.moves.find(({ move }) => move === this.wanted);
      this.wanted = '';
      if (asked) await this.go(asked);
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  async move(event: WechatMiniprogram.TouchEvent) {
    const { move } = dataOf<{ move: string }>(event);
    const chosen = this.data.view?.moves.find((one) => one.move === move);
    if (chosen) await this.go(chosen);
  },
  /** A move with a form has a page; one without is made here, after a question where it cannot be undone. */
  async go(move: MoveView) {
    if (move.form.length > 0) {
      await wx.navigateTo({ url: `/pages/form/index?no=${this.no}&move=${move.move}` });
      return;
    }
    const { confirm } = await wx.showModal({ title: move.title, content: move.confirm ? '提交后不能撤销，确定办理吗？' : '确定办理吗？' });
    if (!confirm || this.data.acting) return;
    this.setData({ acting: true });
    try {
      await api.act(this.no, move.move, {}, `${this.key}-${move.move}-${this.data.view!.version}`);
      say('已办理');
      await this.load();
    } catch (error) {
      say(wordsOf(error));
      await this.load();
    } finally {
      this.setData({ acting: false });
    }
  },
  story() { this.setData({ wholeStory: !this.data.wholeStory }); },
  copy() { void wx.setClipboardData({ data: this.no }); },
  receipt() { void wx.setClipboardData({ data: `案件编号 ${this.no}\n回执校验码 ${this.data.view?.head ?? ''}` }); },
});
