import Joi from 'joi';
import { POWERS, STAFF_ROLES, type Power, type StaffRole } from '../kernel/actor';
import { choice, choices, day, form, group, line, list, optional, structure, whole, yesNo, type Field } from '../kernel/fields';
import { checkCreditCode, checkMobile, type Checked } from '../rulebook/id-checks';
import { CITY, REGIONS, SECTORS } from '../rulebook/places';
import { PASSWORD_MAX } from './passwords';
import { ORGANISATION_KINDS } from './documents';

const KINDS = { enterprise: '试点企业', provider: '服务商' } as const satisfies Record<(typeof ORGANISATION_KINDS)[number], string>;
const POWER_NAMES = { view: '查看', handle: '办理', confirm: '确认', pay: '支付', manage: '管理成员' } as const satisfies Record<Power, string>;
const ROLE_NAMES = {
  intake: '受理', reviewer: '审核', director: '负责人', supervisor: '督办', auditor: '审计', admin: '系统管理',
  county: '县（市、区）', expert: '专家', agency: '验收机构',
} as const satisfies Record<StaffRole, string>;
const COUNTIES = Object.fromEntries(REGIONS.map(({ code, name }) => [code, name]));
const PLACES = { ...COUNTIES, [CITY.code]: '市级（市外服务商）' };
const SECTOR_NAMES = Object.fromEntries(SECTORS.map(({ key, name }) => [key, name]));

/** A number with a check of its own; its normal form is what is kept. */
const checked = (label: string, check: (text: string) => Checked): Field<string> =>
  structure(label, 'text', Joi.string().trim().min(1).max(60).custom((text: string, helpers) => {
    const found = check(text);
    return found.ok ? found.value : helpers.message({ custom: found.message });
  }));

/** A secret somebody types or a client sends back: opaque, so only its length is looked at. */
const secret = (label: string, max: number): Field<string> => structure(label, 'secret', Joi.string().min(1).max(max));

const login = structure<string>('登录名', 'text', Joi.string().trim().lowercase().pattern(/^[a-z][a-z0-9._-]{2,39}$/));
const totp = structure<string>('动态口令', 'text', Joi.string().trim().pattern(/^\d{6}$/));
const codes = (label: string): Field<string[]> =>
  structure(label, 'codes', Joi.array().items(Joi.string().pattern(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/).label(label)).unique().max(50));
const ids = (label: string): Field<string[]> =>
  structure(label, 'organisations', Joi.array().items(Joi.string().pattern(/^[A-Za-z0-9_-]{8,64}$/).label(label)).unique().max(200));

export const code = form({ code: secret('登录码', 200) });
/** Empty where the refresh token comes in its cookie. */
export const refresh = form({ refresh: optional(secret('刷新令牌', 200)) });
export const acting = form({
  role: choice('身份', { citizen: '公众', ...KINDS }),
  org: optional(structure<string>('单位', 'organisation', Joi.string().pattern(/^[A-Za-z0-9_-]{8,64}$/))),
}, ({ role, org }) => {
  if (role === 'citizen') return org ? [{ field: 'org', message: '以公众身份办理时不填单位' }] : [];
  return org ? [] : [{ field: 'org', message: '请选择单位' }];
});
const cookie = optional(yesNo('使用浏览器会话'));
const password = secret('密码', PASSWORD_MAX * 4);
export const staffSignIn = form({ login, password, totp, cookie });
export const enrolment = form({ login, code: secret('启用码', 60) });
export const enrolmentDone = form({ login, code: secret('启用码', 60), password, totp, cookie });

export const claim = form({
  uscc: checked('统一社会信用代码', checkCreditCode),
  name: optional(line('单位名称')),
  kind: choice('单位类型', KINDS),
  region: choice('县（市、区）', PLACES),
  sector: optional(choice('细分行业', SECTOR_NAMES)),
  licenceFile: optional(structure<string>('营业执照照片', 'files', Joi.string().pattern(/^[A-Za-z0-9_-]{20,64}$/))),
}, ({ kind, region, sector }) => kind === 'provider' ? [] : [
  ...(sector ? [] : [{ field: 'sector', message: '请选择细分行业' }]),
  ...(region === CITY.code ? [{ field: 'region', message: '请选择企业所在的县（市、区）' }] : []),
]);
export const decision = form({
  decision: choice('结论', { approve: '通过', refuse: '不予通过' }),
  reason: optional(line('理由', { max: 200 })),
});
export const invitation = form({ phone: checked('手机号码', checkMobile), powers: choices('权限', POWER_NAMES, { max: POWERS.length }) });

const duty = {
  onDuty: optional(yesNo('在岗')),
  absences: optional(list('请假', { from: day('开始日期'), to: day('结束日期') }, { min: 0, max: 50 })),
  conflicts: optional(ids('应回避的单位')),
};
const entry = {
  roles: choices('角色', ROLE_NAMES, { max: STAFF_ROLES.length }),
  desks: codes('队列'),
  regions: choices('区域', COUNTIES, { min: 0 }),
  skills: group('专长', { procedures: codes('流程'), sectors: choices('细分行业', SECTOR_NAMES, { min: 0 }) }),
  capacity: whole('同时办理上限', { min: 0, max: 200 }),
};
const endsAfterStart = ({ absences = [] }: { absences?: { from: string; to: string }[] }) =>
  absences.flatMap(({ from, to }, index) => to < from ? [{ field: `absences.${index}.to`, message: '结束日期不能早于开始日期' }] : []);

export const staffEntry = form({ login, name: line('姓名', { max: 40 }), ...entry, conflicts: optional(ids('应回避的单位')) });
export const staffChange = form({
  name: optional(line('姓名', { max: 40 })),
  roles: optional(entry.roles), desks: optional(entry.desks), regions: optional(entry.regions),
  skills: optional(entry.skills), capacity: optional(entry.capacity),
  active: optional(yesNo('启用')),
  ...duty,
}, endsAfterStart);
export const ownDuty = form(duty, endsAfterStart);
