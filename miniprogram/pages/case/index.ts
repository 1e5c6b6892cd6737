import { looksAgain } from '../../behaviors/looks-again';
import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import { Unreachable } from '../../services/client';
import { factsOf, type Fact } from '../../forms/model';
import { scoreAfter } from '../../services/after';
import { caseOfMine } from '../../services/me';
import type { CaseLine, CaseView, MoveView, TimelineEntry } from '../../services/types';
import { newKey } from '../../services/wechat';
import { REPORT_FIELDS } from '../../utils/described';
import { momentInWords } from '../../utils/format';
import { addressOf, ownPageOf } from '../../utils/own-pages';
import { nextAfter, type Next } from '../../utils/next';
import { dataOf, LOADING, READY, say, standingOf, wordsOf } from '../../utils/page';
import { chaptersOf, savedInWords, type Chapter } from '../../utils/story';

/** Procedures whose contents a component of their own shows in full. */
const HAS_ITS_OWN_READING = new Set(['plan', 'contract', 'acceptance', 'rating', 'ratingResult']);
/** What a diagnosis finds is read in the report or filled in on the questionnaire. */
const FOUND = new Set(REPORT_FIELDS.map(({ name }) => name));

/** `first`: number of the first line told here. `saved`: how often, where one saved again and again; then `times`, latest first. */
interface Step { first: number; when: string; title: string; by: string; basis: string; note: string; saved: string; times: string[] }

function stepOf(chapter: Chapter<TimelineEntry>, now: Date): Step {
  const { latest: { at, title, by, article, articleInWords, note }, lines } = chapter;
  const when = momentInWords(at, now);
  return {
    first: lines[lines.length - 1]!.seq, when, title, by, basis: article ? articleInWords : '', note: note ?? '',
    saved: savedInWords(chapter, when), times: lines.map((line) => momentInWords(line.at, now)),
  };
}

/** One case: where it stands, who has it, until when, what happened and why, and exactly the moves that are open. */
Page({
  behaviors: [inTextSize, looksAgain],
  data: {
    ...LOADING, view: null as CaseView | null, facts: [] as Fact[], steps: [] as Step[], unfolded: {} as Record<number, boolean>, isOver: false, isRated: false, wholeStory: false, showsCode: false, acting: false,
    due: '', after: null as object | null, parties: [] as { title: string; name: string }[], next: [] as Next[], linked: [] as CaseLine[],
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
      const { view, now: switched } = await caseOfMine(this.no);
      if (switched) say(`已切换为${switched}`);
      const now = new Date();
      void wx.setNavigationBarTitle({ title: view.title });
      this.setData({
        ...READY, view,
        facts: HAS_ITS_OWN_READING.has(view.procedure) ? [] : factsOf(view.fields.filter(({ name }) => view.procedure !== 'diagnosis' || !FOUND.has(name)), view.data, view.parties),
        steps: chaptersOf(view.timeline).map((chapter) => stepOf(chapter, now)),
        isOver: view.clock?.inWords.startsWith('已超期') ?? false,
        isRated: view.procedure === 'rating' && ((view.data['ballots'] ?? []) as unknown[]).length > 0,
        due: view.clock ? momentInWords(view.clock.due, now) : '',
        parties: view.parties.filter(({ name }) => name !== ''),
      });
      // What came of it is looked for once the rest stands there.
      if (view.procedure === 'diagnosis' && view.state.name === 'confirmed') void scoreAfter(this.no).then((after) => { if (after) this.setData({ after }); }, () => undefined);
      // What comes after it is begun from here; nobody types its number.
      await this.related(view);
      const asked = view.moves.find(({ move }) => move === this.wanted);
      this.wanted = '';
      if (asked) await this.go(asked);
    } catch (error) {
      // What stands here is better than nothing; that there is no network is said above it.
      if (!(error instanceof Unreachable && this.data.view)) this.setData(standingOf(error));
    }
  },
  async again() {
    if (this.data.status !== 'ready' || this.data.acting) return;
    const now = await api.case(this.no).catch(() => null);
    if (now && now.head !== this.data.view?.head) await this.load();
  },
  async related(view: CaseView) {
    const [{ items: linked }, openings] = await Promise.all([api.cases({ linked: this.no, limit: 20 }), view.state.end ? api.openings() : { items: [] }]);
    this.setData({ linked, next: nextAfter(openings.items, view, linked) });
  },
  look(event: WechatMiniprogram.TouchEvent) { void wx.navigateTo({ url: `/pages/case/index?no=${dataOf<{ no: string }>(event).no}` }); },
  async move(event: WechatMiniprogram.TouchEvent) {
    const { move } = dataOf<{ move: string }>(event);
    const chosen = this.data.view?.moves.find((one) => one.move === move);
    if (chosen) await this.go(chosen);
  },
  /** A move with a form has a page; one without is made here, after a question where it cannot be undone. */
  async go(move: MoveView) {
    const wanted = { procedure: this.data.view!.procedure, move: move.move, no: this.no };
    if (move.form.length > 0 || ownPageOf(wanted)) {
      await wx.navigateTo({ url: addressOf(wanted) });
      return;
    }
    const { confirm } = await wx.showModal({ title: move.title, content: move.confirm ? '提交后不能撤销，确定办理吗？' : '确定办理吗？' });
    if (!confirm || this.data.acting) return;
    this.setData({ acting: true });
    try {
      await api.act(this.no, move.move, {}, `${this.key}-${move.move}-${this.data.view!.head.slice(0, 16)}`);
      say('已办理');
      await this.load();
    } catch (error) {
      say(wordsOf(error));
      await this.load();
    } finally {
      this.setData({ acting: false });
    }
  },
  begin(event: WechatMiniprogram.TouchEvent) { void wx.navigateTo({ url: dataOf<{ address: string }>(event).address }); },
  story() { this.setData({ wholeStory: !this.data.wholeStory }); },
  times(event: WechatMiniprogram.TouchEvent) {
    const { first } = dataOf<{ first: number }>(event);
    this.setData({ unfolded: { ...this.data.unfolded, [first]: !this.data.unfolded[first] } });
  },
  copy() { void wx.setClipboardData({ data: this.no }); },
  code() { this.setData({ showsCode: !this.data.showsCode }); },
  receipt() { void wx.setClipboardData({ data: `案件编号 ${this.no}\n回执校验码 ${this.data.view?.head ?? ''}` }); },
});
