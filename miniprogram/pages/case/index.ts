import { looksAgain } from '../../behaviors/looks-again';
import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import { Unreachable } from '../../services/client';
import { factsOf, type Fact } from '../../forms/model';
import { applyingFor, openBatchNos } from '../../services/batches';
import { scoreAfter } from '../../services/after';
import { caseOfMine } from '../../services/me';
import type { CaseLine, CaseView, MoveView, TimelineEntry } from '../../services/types';
import { newKey } from '../../services/wechat';
import { REPORT_FIELDS } from '../../utils/described';
import { saidAbout, type Said } from '../../utils/diagnosis';
import { momentInWords } from '../../utils/format';
import { buttonsOf, hasPage, questionOf, type Button } from '../../utils/moves';
import { addressOf } from '../../utils/own-pages';
import { isFollowed, nextAfter, type Next } from '../../utils/next';
import { dataOf, LOADING, READY, say, standingOf, wordsOf } from '../../utils/page';
import { receiptText } from '../../utils/receipt-text';
import { chaptersOf, savedInWords, type Chapter } from '../../utils/story';

/** Procedures whose contents a component of their own shows in full. */
const HAS_ITS_OWN_READING = new Set(['plan', 'contract', 'acceptance', 'rating', 'ratingResult']);
/** What a diagnosis finds is read in the report or filled in on the questionnaire. */
const FOUND = new Set(REPORT_FIELDS.map(({ name }) => name));
const FOLD_FROM = 8;
const SHOWN_FOLDED = 5;
const SOON_MS = 3 * 86_400_000;
/** Shown elsewhere on the page: as its heading, or as a card of its own. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = { batch: ['title'], diagnosis: ['disputes', 'former'] };
const NO_BATCH = '现在没有正在接受申请的验收批次。工信局发布验收通知后，就可以在这里申请，届时会提醒您。';

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

/** Only the bureau opens a batch: until one is open, what leads there would lead nowhere (12.4). */
const needsBatch = ({ procedure, state, as }: CaseView): boolean => procedure === 'contract' && state.name === 'delivered' && as === 'enterprise';

/** How near the end is for whoever must act: the bureau's own time, or that of others, is told without alarm. */
function urgencyOf({ clock, waitsForMe }: CaseView, now: Date): '' | 'soon' | 'over' {
  if (clock?.inWords.startsWith('已超期')) return 'over';
  return clock && waitsForMe && new Date(clock.due).getTime() - now.getTime() < SOON_MS ? 'soon' : '';
}

/** One case: where it stands, who has it, until when, what happened and why, and exactly the moves that are open. */
Page({
  behaviors: [inTextSize, looksAgain],
  data: {
    ...LOADING, view: null as CaseView | null, facts: [] as Fact[], steps: [] as Step[], unfolded: {} as Record<number, boolean>, urgency: '', isRated: false, wholeStory: false, shownSteps: SHOWN_FOLDED, showsCode: false, acting: false,
    disputes: [] as Said[], former: [] as Said[], due: '', after: null as object | null, parties: [] as { title: string; name: string }[], next: [] as Next[], awaits: '', says: '', foot: [] as Button[], givingUp: [] as Button[], links: [] as CaseView['links'], linked: [] as CaseLine[],
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
      const chapters = chaptersOf(view.timeline);
      void wx.setNavigationBarTitle({ title: view.title });
      this.setData({
        ...READY, view,
        facts: HAS_ITS_OWN_READING.has(view.procedure) ? [] : factsOf(view.fields.filter(({ name }) => !ELSEWHERE[view.procedure]?.includes(name) && (view.procedure !== 'diagnosis' || !FOUND.has(name))), view.data, view.parties),
        steps: chapters.map((chapter) => stepOf(chapter, now)), shownSteps: chapters.length < FOLD_FROM ? chapters.length : SHOWN_FOLDED,
        urgency: urgencyOf(view, now), ...buttonsOf(view),
        ...saidAbout(view.procedure === 'diagnosis' ? view.data : {}),
        isRated: view.procedure === 'rating' && ((view.data['ballots'] ?? []) as unknown[]).length > 0,
        due: view.clock ? momentInWords(view.clock.due, now) : '',
        parties: view.parties.filter(({ name }) => name !== ''),
        // A contract shows its plan in its own place.
        links: view.links.filter(({ no }) => no !== view.data['plan']),
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
    const isNotice = view.procedure === 'batch' && !view.state.end;
    const [{ items: linked }, openings] = await Promise.all([api.cases({ linked: this.no, limit: 20 }), view.state.end || isNotice ? api.openings() : { items: [] }]);
    const waiting = linked.filter(({ waitsForMe }) => waitsForMe).map(({ no, title }) => ({ title: `去办理：${title}`, address: `/pages/case/index?no=${no}` }));
    const begun = isNotice ? await applyingFor(openings.items) : nextAfter(openings.items, view, linked);
    const lacksBatch = needsBatch(view) && begun.length > 0 && (await openBatchNos()).length === 0;
    this.setData({ linked, next: [...(lacksBatch ? [] : begun), ...waiting], awaits: lacksBatch ? NO_BATCH : '', says: view.state.end && isFollowed(linked) ? '' : view.says ?? '' });
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
    if (hasPage(wanted.procedure, this.no, move)) {
      await wx.navigateTo({ url: addressOf(wanted) });
      return;
    }
    const { confirm } = await wx.showModal(questionOf(move));
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
  receipt() { void wx.setClipboardData({ data: receiptText({ no: this.no, head: this.data.view?.head ?? '' }) }); },
});
