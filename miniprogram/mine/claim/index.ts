import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import type { Problem } from '../../services/client';
import { whoAmI } from '../../services/me';
import { isSure, once } from '../../services/sending';
import { newKey } from '../../services/wechat';
import { faultsByPath, localFaults, put, toInput, type Faults, type Values } from '../../forms/model';
import type { Claim, FieldDescription } from '../../services/types';
import { detailOf, LOADING, READY, say, standingOf, wordsOf } from '../../utils/page';
import { CITY, REGIONS, SECTORS } from '../../utils/places';

const options = (list: readonly (readonly [string, string])[]) => list.map(([value, label]) => ({ value, label }));

/** The claim is no procedure's form, so it is described here; the server checks it by its own. */
function formFor({ kind }: Values, wantsLicence: boolean): FieldDescription[] {
  const isProvider = kind === 'provider';
  return [
    { name: 'kind', label: '单位类型', kind: 'choice', required: true, options: [{ value: 'enterprise', label: '试点企业' }, { value: 'provider', label: '服务商' }] },
    { name: 'uscc', label: '统一社会信用代码', kind: 'text', required: true, max: 18, hint: '营业执照上的 18 位代码' },
    { name: 'region', label: '所在县（市、区）', kind: 'choice', required: true, options: options(isProvider ? [...REGIONS, CITY] : REGIONS) },
    { name: 'sector', label: '细分行业', kind: 'choice', required: !isProvider, options: options(SECTORS) },
    ...(wantsLicence ? [
      { name: 'name', label: '单位名称', kind: 'text', required: true, max: 100, hint: '与营业执照一致' } as const,
      { name: 'licenceFile', label: '营业执照照片', kind: 'files', required: true, min: 1, max: 1 } as const,
    ] : []),
  ];
}

/** Claims an organisation: at once from the phone on the bureau's list, otherwise with the licence, checked by the county. */
Page({
  behaviors: [inTextSize],
  data: { ...LOADING, phone: '' as string | null, form: [] as FieldDescription[], values: {} as Values, faults: {} as Faults, trouble: '', sending: false, wantsLicence: false, done: null as Claim | null },
  key: '',
  templates: [] as string[],
  isSubmitting: false,

  onLoad() {
    this.key = newKey();
    void this.load();
  },
  async load() {
    try {
      const me = await whoAmI({ anew: true });
      this.setData({ ...READY, phone: me.person.phone, form: formFor(this.data.values, this.data.wantsLicence) });
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  async bind(event: WechatMiniprogram.CustomEvent) {
    const { code } = detailOf<{ code?: string }>(event);
    if (!code) { say('没有取得手机号，可以再试一次'); return; }
    await api.bindPhone(code).catch((error: unknown) => say(wordsOf(error)));
    await this.load();
  },
  change(event: WechatMiniprogram.CustomEvent) {
    const { path, value, typed } = detailOf<{ path: string; value: unknown; typed: boolean }>(event);
    const values = put(this.data.values, path, value) as Values;
    const { [path]: mended, ...faults } = this.data.faults;
    if (typed) this.data.values = values;
    if (!typed || mended) this.setData({ values, faults, form: formFor(values, this.data.wantsLicence), ...(Object.keys(faults).length === 0 ? { trouble: '' } : {}) });
  },
  async submit() {
    await once(this, async () => {
      const faults = localFaults(this.data.form, this.data.values);
      this.setData({ values: this.data.values, faults, trouble: Object.keys(faults).length > 0 ? `有 ${Object.keys(faults).length} 处需要修改` : '' });
      if (Object.keys(faults).length > 0 || !await isSure(this, null)) return;
      const { licenceFile, ...input } = toInput(this.data.form, this.data.values);
      const done = await api.claim({ ...input, ...(Array.isArray(licenceFile) ? { licenceFile: licenceFile[0] } : {}) }, this.key);
      await whoAmI({ anew: true });
      this.setData({ done });
    });
  },
  /** Not on the list with this phone: the licence is asked for, as the server says. */
  refused({ faults, detail }: Problem) {
    const wantsLicence = this.data.wantsLicence || faults.some(({ field }) => field === 'licenceFile');
    const isNew = wantsLicence && !this.data.wantsLicence;
    const form = formFor(this.data.values, wantsLicence);
    this.setData({
      wantsLicence, form, values: this.data.values, faults: isNew ? {} : faultsByPath(form, faults),
      trouble: isNew ? '您的手机号不在单位名单上，请补充单位名称和营业执照，由县（市、区）核验' : faults.length > 0 ? '有需要修改的地方' : detail,
    });
    return true;
  },
  back() { void wx.switchTab({ url: '/pages/home/index' }); },
});
