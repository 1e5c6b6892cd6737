import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import { batchesBefore } from '../../services/batches';
import type { Problem } from '../../services/client';
import { wantedTemplates } from '../../services/consents';
import { ACCEPTED, MAX_MB } from '../../services/files';
import { actingKey, whoAmI } from '../../services/me';
import { isSure, once } from '../../services/sending';
import type { CaseView, FieldDescription, MoveView, Receipt } from '../../services/types';
import { newKey } from '../../services/wechat';
import { dropDraft, draftName, keepSoon, loadDraft, saveDraft } from '../../forms/drafts';
import { faultsByPath, toInput, type Faults, type Values } from '../../forms/model';
import { papersOf, type Paper } from '../../utils/acceptance';
import { momentInWords } from '../../utils/format';
import { dataOf, detailOf, LOADING, nothingToDo, READY, standingOf, toCase } from '../../utils/page';
import { deliveredContracts, openBatches, type Batch } from './finding-batch';

const NO_BATCH = '现在没有正在接受申请的验收批次。工信局发布验收通知后，就可以在这里申请；消息和待办里会提醒您。';

/** Applying for acceptance (12.4): the batch and its notice, every paper it asks for with its files; anew after rectifying; supplementing. */
Page({
  behaviors: [inTextSize],
  data: {
    ...LOADING, title: '', isAnswer: false, needsContract: false, contracts: [] as { no: string; label: string }[], batches: [] as Batch[], batch: null as Batch | null, wholeNotice: false,
    missing: [] as string[], papers: [] as Paper[], given: 0, wanted: 0, wholeList: false,
    values: {} as Values, faults: {} as Faults, limits: `${ACCEPTED}，每个不超过 ${MAX_MB} MB，每类最多 20 个文件。断网时点文件重试，已传好的不会丢。`,
    trouble: '', sending: false, draftFrom: '', receipt: null as Receipt | null, done: '',
  },
  no: '',
  move: '',
  from: '',
  key: '',
  draft: '',
  form: [] as FieldDescription[],
  templates: [] as string[],
  timer: 0,
  isTouched: false,
  isSubmitting: false,

  onLoad({ no = '', move = 'apply', from = '' }: { no?: string; move?: string; from?: string }) {
    Object.assign(this, { no: decodeURIComponent(no), move, from: decodeURIComponent(from), key: newKey() });
    void this.load();
  },
  onHide() { this.keep(); },
  onUnload() { this.keep(); },
  async load() {
    this.setData({ ...LOADING, trouble: '' });
    try {
      const [found, me] = await Promise.all([this.find(), whoAmI()]);
      if (!found) {
        this.setData(nothingToDo('这项现在不能办理：可能已经申请过，或状态已变化。'));
        return;
      }
      const { move, view } = found;
      const isAnswer = this.move === 'answer';
      const [batches, contracts] = await Promise.all([isAnswer ? [] : openBatches(view ? batchesBefore(view) : []), this.no ? [] : deliveredContracts()]);
      if (!this.no && contracts.length === 0) { this.setData(nothingToDo('还没有已交付的改造合同。请先在合同里确认交付，再申请验收。')); return; }
      if (!isAnswer && batches.length === 0) { this.setData(nothingToDo(NO_BATCH)); return; }
      this.form = move.form;
      this.draft = draftName(actingKey(me), 'acceptance', this.move, this.no);
      const draft = loadDraft(this.draft);
      this.key = draft?.key ?? this.key;
      const kept = view ? Object.fromEntries(move.form.filter(({ kind, name }) => kind === 'files' && view.data[name] !== undefined).map(({ name }) => [name, view.data[name]])) : {};
      const contract = contracts.find(({ no }) => no === this.from)?.no ?? (contracts.length === 1 ? contracts[0]!.no : undefined);
      const values: Values = { ...kept, ...draft?.values, ...(contract ? { contract } : {}) };
      void wx.setNavigationBarTitle({ title: move.title });
      const batch = batches.find(({ no }) => no === values['batch']) ?? batches[0] ?? null;
      this.setData({
        title: move.title, isAnswer, contracts, needsContract: contracts.length > 1, batches, batch,
        missing: isAnswer ? ((view?.data['missing'] as { items: string[] } | undefined)?.items ?? []) : [], draftFrom: draft ? momentInWords(draft.savedAt, new Date()) : '',
      });
      this.draw(values, isAnswer ? (view?.data['required'] ?? []) as string[] : batch!.required);
      this.setData(READY);
      this.templates = await wantedTemplates();
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  async find(): Promise<{ move: MoveView; view: CaseView | null } | null> {
    const view = this.no ? await api.case(this.no) : null;
    const moves = view ? view.moves : (await api.openings()).items.filter(({ procedure }) => procedure === 'acceptance');
    const move = moves.find((one) => one.move === this.move);
    return move ? { move, view } : null;
  },
  draw(values: Values, required?: readonly string[]) {
    const papers = papersOf(this.form, values, required ?? this.data.papers.filter(({ isRequired }) => isRequired).map(({ name }) => name));
    const wanted = papers.filter(({ isRequired }) => isRequired);
    this.setData({ values, papers, wanted: wanted.length, given: wanted.filter(({ files }) => files.length > 0).length });
  },
  set(values: Values, field: string) {
    this.isTouched = true;
    this.draw(values);
    if (this.data.faults[field]) this.setData({ faults: Object.fromEntries(Object.entries(this.data.faults).filter(([path]) => path !== field)) });
    keepSoon(this);
  },
  keep() {
    clearTimeout(this.timer);
    if (!this.isTouched || !this.draft || this.data.receipt) return;
    saveDraft(this.draft, { values: this.data.values, key: this.key, savedAt: new Date().toISOString() });
  },

  takeFiles(event: WechatMiniprogram.CustomEvent) {
    const { name } = dataOf<{ name: string }>(event);
    this.set({ ...this.data.values, [name]: detailOf<{ value: string[] }>(event).value }, name);
  },
  chooseContract(event: WechatMiniprogram.TouchEvent) { this.set({ ...this.data.values, contract: dataOf<{ no: string }>(event).no }, 'contract'); },
  chooseBatch(event: WechatMiniprogram.TouchEvent) {
    const batch = this.data.batches.find(({ no }) => no === dataOf<{ no: string }>(event).no)!;
    this.setData({ batch });
    this.draw(this.data.values, batch.required);
    this.set({ ...this.data.values, batch: batch.no }, 'batch');
  },
  /** Kept without drawing anew, so that the cursor stays where it is. */
  type(event: WechatMiniprogram.Input) {
    this.data.values = { ...this.data.values, explanation: event.detail.value };
    this.isTouched = true;
    keepSoon(this);
  },
  tick() { this.set({ ...this.data.values, truthful: this.data.values['truthful'] === true ? undefined : true }, 'truthful'); },
  notice() { this.setData({ wholeNotice: !this.data.wholeNotice }); },
  list() { this.setData({ wholeList: !this.data.wholeList }); },

  /** Everything that lacks, said at once. */
  faultsOf(): Faults {
    const { values, papers, isAnswer } = this.data;
    const faults: Faults = {};
    if (!this.no && !values['contract']) faults['contract'] = '请选择要验收的合同';
    if (!isAnswer) for (const { name, label, files, isRequired } of papers) if (isRequired && files.length === 0) faults[name] = `请提交：${label}`;
    if (isAnswer && String(values['explanation'] ?? '').trim().length < 2) faults['explanation'] = '请逐条说明补正了什么';
    if (!isAnswer && values['truthful'] !== true) faults['truthful'] = '请先确认材料真实、完整';
    return faults;
  },
  async submit() {
    await once(this, async () => {
      const faults = this.faultsOf();
      if (Object.keys(faults).length > 0) { this.point(faults); return; }
      const count = this.data.papers.reduce((sum, { files }) => sum + files.length, 0);
      if (!await isSure(this, { title: this.data.title, content: `共 ${count} 个文件。提交后由工信局核对，核对期间不能修改。`, confirmText: '提交' })) return;
      const input = toInput(this.form, { ...this.data.values, ...(this.data.batch ? { batch: this.data.batch.no } : {}) });
      const { receipt } = this.no ? await api.act(this.no, this.move, input, this.key) : await api.open('acceptance', this.move, input, this.key);
      dropDraft(this.draft);
      this.setData({ receipt, done: '接下来：工信局核对材料；齐全的，抽签指定验收机构到现场查验；缺少的，一次性告知补正。结果公布后通知您。' });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    });
  },
  refused({ faults }: Problem) {
    if (faults.length > 0) this.point(faultsByPath(this.form, faults));
    return faults.length > 0;
  },
  point(faults: Faults) {
    const [first = ''] = Object.keys(faults);
    const lacking = this.data.papers.filter(({ name }) => faults[name]).length;
    this.setData({ faults, trouble: faults[''] ?? (lacking > 0 ? `还有 ${lacking} 类材料没有提交` : Object.values(faults)[0] ?? '') });
    void wx.pageScrollTo({ selector: `#at-${first.split('.')[0]}`, offsetTop: -40 });
  },
  openCase() { toCase(this.data.receipt!.no); },
});
