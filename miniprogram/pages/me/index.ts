import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import { remember, whoAmI } from '../../services/me';
import { lookTodo, unreadMessages } from '../../services/unread';
import { chooseTextSize, chosenTextSize, pageLook } from '../../services/text-size';
import type { Claim, Me } from '../../services/types';
import { TEXT_SIZES, type TextSize } from '../../utils/text-scale';
import { dataOf, detailOf, LOADING, READY, say, standingOf, wordsOf } from '../../utils/page';

const KIND_WORDS: Record<string, string> = { enterprise: '试点企业', provider: '服务商' };
const CLAIM_WORDS: Record<string, string> = { pending: '待县（市、区）核验', bound: '已通过', refused: '未通过' };

/** Who I am here: my phone, the organisations I act for, and what I asked to act for. */
Page({
  behaviors: [inTextSize],
  data: { ...LOADING, me: null as Me | null, parties: [] as { id: string; name: string; kind: string; words: string; on: boolean }[], claims: [] as (Claim & { words: string })[], busy: false, unseen: 0,
    textSizes: TEXT_SIZES, textSize: 'wechat' as TextSize,
  },

  onShow() {
    this.setData({ textSize: chosenTextSize() });
    void lookTodo();
    void unreadMessages().then((unseen) => this.setData({ unseen }), () => undefined);
    void this.load();
  },
  async load() {
    try {
      const [me, { items }] = await Promise.all([whoAmI({ anew: true }), api.claims()]);
      this.show(me);
      this.setData({ ...READY, claims: items.filter(({ status }) => status !== 'bound').map((claim) => ({ ...claim, words: CLAIM_WORDS[claim.status] ?? claim.status })) });
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  show(me: Me) {
    remember(me);
    this.setData({
      me,
      parties: [
        ...me.organisations.map(({ id, name, kind, role }) => ({ id, name, kind: kind as string, words: `${KIND_WORDS[kind] ?? ''} · ${role === 'owner' ? '负责人' : '成员'}`, on: me.acting.org === id })),
        { id: '', name: '个人（公众）', kind: 'citizen', words: '可以实名举报、查询公开信息', on: me.acting.org === null },
      ],
    });
  },
  async act(event: WechatMiniprogram.TouchEvent) {
    const party = this.data.parties[dataOf<{ index: number }>(event).index]!;
    if (party.on || this.data.busy) return;
    await this.busily(async () => {
      this.show(await api.actFor(party.kind, party.id || undefined));
      say(`现在以${party.name}的身份办理`);
    });
  },
  async phone(event: WechatMiniprogram.CustomEvent) {
    const { code, errMsg } = detailOf<{ code?: string; errMsg: string }>(event);
    if (!code) {
      say(/privacy/.test(errMsg) ? '需要您同意隐私保护指引后才能绑定手机号' : '没有取得手机号，可以再试一次');
      return;
    }
    await this.busily(async () => {
      this.show(await api.bindPhone(code));
      say('手机号已绑定');
    });
  },
  async accept(event: WechatMiniprogram.TouchEvent) {
    const { id } = dataOf<{ id: string }>(event);
    await this.busily(async () => {
      await api.acceptInvitation(id);
      await this.load();
    });
  },
  async busily(work: () => Promise<void>) {
    this.setData({ busy: true });
    await work().catch((error: unknown) => say(wordsOf(error)));
    this.setData({ busy: false });
  },
  size(event: WechatMiniprogram.TouchEvent) {
    const { size } = dataOf<{ size: TextSize }>(event);
    chooseTextSize(size);
    this.setData({ textSize: size, look: pageLook() });
  },
  claim() { void wx.navigateTo({ url: '/mine/claim/index' }); },
  members() { void wx.navigateTo({ url: '/mine/members/index' }); },
  inbox() { void wx.navigateTo({ url: '/pages/inbox/index' }); },
  openings() { void wx.navigateTo({ url: '/mine/openings/index' }); },
  receipts() { void wx.navigateTo({ url: '/public/receipt/index' }); },
  notices() { void wx.navigateTo({ url: '/public/notices/index' }); },
  register() { void wx.navigateTo({ url: '/public/register/index' }); },
  privacy() { void wx.openPrivacyContract({}); },
});
