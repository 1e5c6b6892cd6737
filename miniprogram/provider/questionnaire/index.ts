import { inTextSize } from '../../behaviors/text-size';
import { dropDraft, draftName, loadDraft, saveDraft, sweepDrafts } from '../../forms/drafts';
import type { Faults, Values } from '../../forms/model';
import { api } from '../../services/api';
import { Unreachable } from '../../services/client';
import { isUploading, STILL_UPLOADING } from '../../services/files';
import { actingKey, whoAmI } from '../../services/me';
import { onNetwork } from '../../services/network';
import type { CaseView, Fault, FieldDescription } from '../../services/types';
import { newKey } from '../../services/wechat';
import { momentInWords } from '../../utils/format';
import type { Metrics } from '../../utils/metrics';
import { dataOf, detailOf, LOADING, READY, say, standingOf } from '../../utils/page';
import { keptMetrics, loadMetrics } from '../../services/metrics';
import { scoreSoFar, type Answers, type Level, type Score, type Threshold } from '../scoring';
import { chosen, drawQuestion, drawScenario, drawScore, figured, levelled, proven, reasoned, type Change, type DrawnQuestion, type DrawnScenario, type DrawnScore } from './answering';
import { Keeper, type Kept, type Saving } from './keeper';
import { dropSheet, keepSheet, keptSheet } from './sheet';
import { progressOf, stepOf, stepsOf, type Step } from './steps';

/** A pause in the work; until then the phone alone keeps what was changed. Each saving is a line of the case's history, so not every tap is one. */
const SAVE_AFTER_MS = 8000;
const KEEP_AFTER_MS = 400;
const TRY_AGAIN_AFTER_MS = 15_000;
const NEVER_OPENED = '网络不通，这份问卷还没有在这部手机上打开过。联网后自动打开；到现场前先打开一次，没有网络也能填写。';

const SAVING_WORDS: Record<Saving, string> = {
  saved: '已保存', unsaved: '已存在本机，停下后自动保存', saving: '正在保存…', offline: '网络不通，已存在本机，联网后自动保存',
  held: '有内容还没填完整，先存在本机', closed: '案件状态已变化，不能再修改',
};

const wanted = (field: FieldDescription): FieldDescription => ({ ...field, required: true, ...(field.kind === 'group' ? { fields: field.fields?.map(wanted) } : {}) });

interface Chip { key: string; short: string; words: string; isDone: boolean }
interface Lack { message: string; step: string; title: string }

/** 12.1: the provider fills in the 2024 metrics on site, step by step; score and grade run along, and nothing typed is lost. */
Page({
  behaviors: [inTextSize],
  data: {
    ...LOADING, about: '', keptAt: '', dispute: '', at: 0, chips: [] as Chip[], step: null as Step | null, questions: [] as DrawnQuestion[], scenarios: [] as DrawnScenario[],
    fields: [] as FieldDescription[], values: {} as Values, faults: {} as Faults, evidence: [] as string[], score: null as DrawnScore | null, isOpen: false,
    saving: 'saved' as Saving, savingWords: '', lacks: [] as Lack[], isChecked: false, checking: false, result: null as Score | null, mayIssue: false, gone: '',
  },
  no: '',
  name: '',
  metrics: null as Metrics | null,
  steps: [] as Step[],
  form: [] as FieldDescription[],
  keeper: null as Keeper | null,
  keepTimer: 0,
  saveTimer: 0,
  stopWatching: (() => undefined) as () => void,
  /** Left for good: what could not be saved is on the phone for the next opening, and must not be sent after what that one saves. */
  isLeft: false,
  /** What is shown was kept on this phone; the server may know more. */
  isOld: false,

  onLoad({ no = '' }: { no?: string }) {
    this.no = decodeURIComponent(no);
    this.stopWatching = onNetwork((isOnline) => { if (isOnline) void this.catchUp(); });
  },
  onShow() { void this.load(); },
  onHide() { this.leave(); },
  onUnload() {
    this.stopWatching();
    this.isLeft = true;
    this.leave();
  },
  leave() {
    this.keepNow();
    void this.save();
  },

  /** Also after coming back, from issuing or from another page: what is unsaved here stands above what the server says. */
  async load() {
    try {
      await this.keeper?.save();
      const [view, me, metrics] = await Promise.all([api.case(this.no), whoAmI(), loadMetrics()]);
      const move = view.moves.find((one) => one.move === 'save');
      if (view.procedure !== 'diagnosis' || !move) {
        // Issued just now: back to where the questionnaire was opened.
        if (this.keeper?.isWhole && getCurrentPages().length > 1) { void wx.navigateBack({}); return; }
        dropSheet(this.no);
        this.setData({ ...READY, gone: view.procedure === 'diagnosis' ? `当前状态“${view.state.title}”，问卷不能修改。` : '这件事项没有评测问卷。' });
        return;
      }
      this.name = draftName(actingKey(me), 'diagnosis', 'questionnaire', this.no);
      this.isOld = false;
      sweepDrafts(new Date());
      this.start(view, metrics);
      this.keepSheet(view);
    } catch (error) {
      if (!this.keeper) this.startFromPhone(error);
      else if (this.isOld) this.tell('offline', '');
    }
  },
  /** Without a network: as it was when this phone last showed it, with all that was filled in since. */
  startFromPhone(error: unknown) {
    const sheet = error instanceof Unreachable ? keptSheet(this.no) : null;
    const metrics = keptMetrics();
    if (!sheet || !metrics) {
      this.setData(error instanceof Unreachable ? { status: 'error', problem: NEVER_OPENED } : standingOf(error));
      return;
    }
    Object.assign(this, { isOld: true, name: sheet.draft });
    this.start(sheet.view, metrics);
    this.setData({ keptAt: momentInWords(sheet.savedAt, new Date()) });
    this.tell('offline', '');
  },
  keepSheet(view: CaseView) {
    keepSheet(this.no, { view: { ...view, data: { ...view.data, ...this.keeper!.values }, timeline: [] }, draft: this.name }, new Date());
  },
  /** There is a network (again). */
  async catchUp() { await (this.isOld ? this.load() : this.save()); },
  start(view: CaseView, given: Metrics) {
    this.form = view.moves.find(({ move }) => move === 'save')!.form;
    const draft = view.data['draft'] as { thresholds: Threshold[] };
    // The grade is reckoned by the rulebook the case was opened under.
    this.metrics = { ...given, thresholds: draft.thresholds };
    this.steps = stepsOf(this.metrics);
    const saved = Object.fromEntries(this.form.flatMap(({ name }) => (view.data[name] === undefined ? [] : [[name, view.data[name]]])));
    const wasHere = Boolean(this.keeper);
    const kept = this.keeper ? (this.keeper.isWhole ? null : this.keeper.unsaved) : ((loadDraft(this.name)?.values ?? null) as Kept | null);
    this.keeper = new Keeper({
      form: this.form,
      send: async (input) => {
        await api.act(this.no, 'save', input, newKey());
        this.keepSheet(view);
      },
      keep: (mine) => { if (mine) saveDraft(this.name, { values: mine as unknown as Values, key: '', savedAt: new Date().toISOString() }); else dropDraft(this.name); },
      show: (saving, problem) => this.tell(saving, problem),
    }, saved, kept);
    const dispute = ((view.data['disputes'] ?? []) as { reasons: string; reply?: string }[]).filter(({ reply }) => reply === undefined).pop();
    const enterprise = view.parties.find(({ party }) => party === 'enterprise')?.name ?? '';
    this.setData({ ...READY, about: enterprise, keptAt: '', dispute: dispute?.reasons ?? '', mayIssue: view.moves.some((one) => one.move === 'issue'), gone: '' });
    this.draw();
    if (kept) void this.save();
    else if (wasHere) this.tell('saved', '');
    else this.setData({ saving: 'saved', savingWords: '' });
    if (this.data.step?.kind === 'check') void this.check();
  },
  tell(saving: Saving, problem: string) {
    const words = saving === 'saved' ? `${SAVING_WORDS.saved} ${momentInWords(new Date().toISOString(), new Date()).split(' ')[1] ?? ''}` : problem && saving === 'closed' ? problem : SAVING_WORDS[saving];
    this.setData({ saving, savingWords: words });
    clearTimeout(this.saveTimer);
    if (this.isLeft) return;
    if (saving === 'unsaved') this.saveTimer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
    if (saving === 'offline') this.saveTimer = setTimeout(() => void this.catchUp(), TRY_AGAIN_AFTER_MS);
  },

  /** The score and the step in hand, anew. */
  draw() {
    const { keeper, metrics, steps } = this;
    if (!keeper || !metrics) return;
    const { values, faults } = keeper;
    const score = scoreSoFar(metrics, (values['answers'] ?? {}) as Answers);
    const step = steps[this.data.at]!;
    const partsOf = <T>(list: readonly T[], keyOf: (one: T) => string): T[] => list.filter((one) => step.parts.includes(keyOf(one)));
    this.setData({
      step, values, faults, score: drawScore(metrics, score, values), evidence: (values['evidence'] ?? []) as string[],
      chips: steps.map((one) => {
        const { done, of } = progressOf(one, values, this.form);
        return { key: one.key, short: one.short, words: of === 0 ? '' : `${done}/${of}`, isDone: of > 0 && done === of };
      }),
      questions: step.kind === 'questions' ? partsOf(metrics.questions, ({ id }) => id).map((question) => drawQuestion(question, values, score, faults)) : [],
      scenarios: step.kind === 'scenarios' ? partsOf(metrics.scenarios, ({ key }) => key).map((scenario) => drawScenario(scenario, values, faults)) : [],
      // Saving may leave anything out; the report may not.
      fields: step.kind === 'fields' ? this.form.filter(({ name }) => step.parts.includes(name)).map(wanted) : [],
      result: step.kind === 'check' ? score : null,
    });
  },
  put(changes: readonly Change[], isTyping = false) {
    this.keeper!.change(changes);
    // While somebody types nothing is drawn anew, so that the cursor stays where it is.
    clearTimeout(this.keepTimer);
    if (isTyping) this.keepTimer = setTimeout(() => this.keepNow(), KEEP_AFTER_MS);
    else {
      this.keepNow();
      this.draw();
    }
  },
  keepNow() {
    clearTimeout(this.keepTimer);
    this.keeper?.keep();
  },
  async save() {
    clearTimeout(this.saveTimer);
    await this.keeper?.save();
    // A fault is shown where it is, once nobody types there any more.
    if (this.data.saving === 'held') this.setData({ faults: this.keeper!.faults });
  },

  choose(event: WechatMiniprogram.CustomEvent) {
    const { key, code } = detailOf<{ key: string; code: string }>(event);
    const question = this.metrics!.questions.find(({ id }) => id === key)!;
    this.put([{ path: `answers.${key}`, value: chosen(question, (this.keeper!.values['answers'] as Values | undefined)?.[key], code) }]);
  },
  figure(event: WechatMiniprogram.CustomEvent) {
    const { key, name, text } = detailOf<{ key: string; name: string; text: string }>(event);
    this.put([figured(this.keeper!.values, key, name, text)], true);
  },
  level(event: WechatMiniprogram.CustomEvent) {
    const { key, level } = detailOf<{ key: string; level: Level | null }>(event);
    this.put(levelled(this.keeper!.values, key, level));
  },
  reason(event: WechatMiniprogram.CustomEvent) {
    const { key, text } = detailOf<{ key: string; text: string }>(event);
    this.put([reasoned(this.keeper!.values, key, text)], true);
  },
  prove(event: WechatMiniprogram.CustomEvent) {
    const { key, value } = detailOf<{ key: string; value: string[] }>(event);
    this.put(proven(this.keeper!.values, key, value));
  },
  change(event: WechatMiniprogram.CustomEvent) {
    const { path, value, typed } = detailOf<{ path: string; value: unknown; typed: boolean }>(event);
    this.put([{ path, value }], typed);
  },
  /** After the event: a field that is taken off the page loses its cursor in the middle of a drawing. */
  settle() { setTimeout(() => this.draw(), 0); },

  jump(event: WechatMiniprogram.TouchEvent) { this.goTo(dataOf<{ key: string }>(event).key); },
  next() { this.goTo(this.steps[this.data.at + 1]?.key ?? ''); },
  back() { this.goTo(this.steps[this.data.at - 1]?.key ?? ''); },
  goTo(key: string) {
    const at = this.steps.findIndex((step) => step.key === key);
    if (at < 0) return;
    if (isUploading()) { say(STILL_UPLOADING); return; }
    this.setData({ at, isOpen: false });
    this.draw();
    void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    if (key === 'check') void this.check();
    else void this.save();
  },
  unfold() { this.setData({ isOpen: !this.data.isOpen }); },

  /** Saves, then asks the server, whose rules decide whether the report may be issued. */
  async check() {
    this.setData({ checking: true, isChecked: false, lacks: [] });
    await this.save();
    const local = Object.entries(this.keeper!.faults).map(([field, message]) => ({ field, message }));
    try {
      if (!this.keeper!.isWhole && local.length === 0) return;
      const view = await api.case(this.no);
      const found = ((view.data['draft'] as { faults: Fault[] } | undefined)?.faults ?? []).filter(({ field }) => !local.some((one) => one.field.startsWith(field)));
      const lacks = [...local, ...found].map(({ field, message }): Lack => {
        const step = stepOf(this.steps, field);
        return { message, step: step?.key ?? '', title: step?.short ?? '' };
      });
      this.setData({ lacks, isChecked: true, mayIssue: view.moves.some((one) => one.move === 'issue') });
    } catch (error) {
      this.setData({ savingWords: standingOf(error).problem });
    } finally {
      this.setData({ checking: false });
    }
  },
  again() { void this.check(); },
  issue() {
    if (this.data.saving !== 'saved') { say('还有内容没有保存，请联网后再出具'); return; }
    void wx.navigateTo({ url: `/pages/form/index?no=${this.no}&move=issue` });
  },
  openCase() { void wx.redirectTo({ url: `/pages/case/index?no=${this.no}` }); },
});
