import { inTextSize } from '../../behaviors/text-size';
import { faultsByPath, localFaults, put, toInput, type Faults, type Values } from '../../forms/model';
import { api } from '../../services/api';
import { Problem } from '../../services/client';
import { actingName, whoAmI } from '../../services/me';
import type { FieldDescription, Invitation, Member } from '../../services/types';
import { newKey } from '../../services/wechat';
import { momentInWords } from '../../utils/format';
import { dataOf, detailOf, LOADING, READY, say, standingOf, wordsOf } from '../../utils/page';

/** Looking is part of every membership; what nothing here is done with is not offered. */
const POWERS: Record<string, string> = { view: '查看', handle: '办理', confirm: '确认', manage: '管理成员' };
const powersInWords = (powers: readonly string[]): string => powers.flatMap((power) => POWERS[power] ?? []).join('、');

/** Nobody passes on what they do not have themselves; looking is part of every membership. */
const formFor = (mine: readonly string[]): FieldDescription[] => [
  { name: 'phone', label: '手机号', kind: 'text', required: true, max: 11 },
  {
    name: 'powers', label: '权限', kind: 'choices', required: true, min: 1, hint: '都可以查看。办理：填报、申请、答复；确认：代表单位确认方案、签订合同；管理成员：邀请和移出同事',
    options: mine.filter((value) => value !== 'view' && POWERS[value]).map((value) => ({ value, label: POWERS[value] ?? value })),
  },
];

type MemberLine = Member & { words: string; me: boolean; removable: boolean };

/** The people of the organisation one acts for: whoever may manage them invites and removes. */
Page({
  behaviors: [inTextSize],
  data: {
    ...LOADING, orgName: '', members: [] as MemberLine[], invitations: [] as (Invitation & { words: string })[], manages: false,
    form: [] as FieldDescription[], values: { powers: ['handle'] } as Values, faults: {} as Faults, trouble: '', busy: false,
  },
  org: '',

  onShow() { void this.load(); },
  async load() {
    try {
      const me = await whoAmI({ anew: true });
      this.org = me.acting.org ?? '';
      if (!this.org) throw new Problem(404, 'NOT_FOUND', '');
      const { members, invitations } = await api.members(this.org);
      const mine = members.find(({ person }) => person === me.person.id)?.powers ?? [];
      const manages = mine.includes('manage');
      const now = new Date();
      this.setData({
        ...READY, orgName: actingName(me), manages, form: formFor(mine),
        members: members.map((member) => {
          const isMe = member.person === me.person.id;
          return { ...member, phone: member.phone ?? '未绑定手机号', words: `${member.role === 'owner' ? '负责人' : '成员'} · ${powersInWords(member.powers)}`, me: isMe, removable: member.role !== 'owner' && (manages || isMe) };
        }),
        invitations: invitations.map((one) => ({ ...one, words: `${powersInWords(one.powers)}，${momentInWords(one.expiresAt, now)} 前有效` })),
      });
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  change(event: WechatMiniprogram.CustomEvent) {
    const { path, value, typed } = detailOf<{ path: string; value: unknown; typed: boolean }>(event);
    const values = put(this.data.values, path, value) as Values;
    const { [path]: mended, ...faults } = this.data.faults;
    if (typed) this.data.values = values;
    if (!typed || mended) this.setData({ values, faults });
  },
  async invite() {
    const { form, values, busy } = this.data;
    const faults = localFaults(form, values);
    this.setData({ values, faults, trouble: '' });
    if (Object.keys(faults).length > 0 || busy) return;
    this.setData({ busy: true });
    try {
      await api.invite(this.org, toInput(form, values), newKey());
      this.setData({ values: { powers: ['handle'] } });
      say('已发出邀请');
      await this.load();
    } catch (error) {
      this.setData({ values, faults: error instanceof Problem ? faultsByPath(form, error.faults) : {}, trouble: wordsOf(error) });
    } finally {
      this.setData({ busy: false });
    }
  },
  async withdraw(event: WechatMiniprogram.TouchEvent) {
    const { id } = dataOf<{ id: string }>(event);
    await this.busily(() => api.withdrawInvitation(this.org, id));
  },
  async remove(event: WechatMiniprogram.TouchEvent) {
    const { person, me, phone } = dataOf<{ person: string; me: boolean; phone: string }>(event);
    const { confirm } = await wx.showModal({
      title: me ? '退出本单位' : '移出成员', content: me ? '退出后不能再以本单位的身份办理，确定退出吗？' : `${phone} 将立即不能以本单位的身份办理，确定移出吗？`,
    });
    if (!confirm) return;
    await this.busily(() => api.removeMember(this.org, person));
    if (me) {
      await whoAmI({ anew: true }).catch(() => undefined);
      void wx.switchTab({ url: '/pages/me/index' });
    }
  },
  async busily(work: () => Promise<void>) {
    this.setData({ busy: true });
    await work().catch((error: unknown) => say(wordsOf(error)));
    this.setData({ busy: false });
    await this.load();
  },
});
