import { AT_THE_DESK, isFurther, ON_THE_PHONE } from './people';
import type { Personas } from '../seed';

export interface EntryFacts { personas: Personas; webUrl: string; simulatorUrl: string }
export type Codes = Record<string, string>;

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/**
 * Where a colleague's console opens: under a name of its own for this very machine, because cookies belong to a name. So several
 * colleagues sit side by side in one browser.
 */
export function deskUrl(webUrl: string, login: string): string {
  const url = new URL('/console', webUrl);
  if (url.hostname === 'localhost') url.hostname = `${login}.localhost`;
  return url.href;
}

export const messagesUrl = (simulatorUrl: string, openid: string): string => `${simulatorUrl}/?openid=${encodeURIComponent(openid)}`;

const phoneCard = (simulatorUrl: string) => ([key, { title, openid }]: [string, Personas['phones'][string]]): string => {
  const { role, does } = ON_THE_PHONE[key] ?? { role: '', does: '' };
  return `<li class="card" id="phone-${escape(key)}"><h3>${escape(role || title)}</h3>${role && title !== role ? `<p class="name">${escape(title)}</p>` : ''}<p class="does">${escape(does)}</p>
<p class="go"><a class="button" href="/phone/${escape(key)}" target="phone-${escape(key)}">打开小程序</a><a class="second" href="${escape(messagesUrl(simulatorUrl, openid))}" target="wechat">微信消息与客服</a></p></li>`;
};

const copied = (label: string, value: string, kind = ''): string =>
  `<div><dt>${label}</dt><dd><code${kind}>${escape(value)}</code><button type="button" class="copy" aria-label="复制${label}" hidden>复制</button></dd></div>`;

const deskCard = (webUrl: string, codes: Codes) => ({ title, name, credentials: { login, password } }: Personas['staff'][string]): string =>
  `<li class="card" id="desk-${escape(login)}"><h3>${escape(title)}${name ? `<span>${escape(name)}</span>` : ''}</h3><p class="does">${escape(AT_THE_DESK[login] ?? (isFurther(login) ? AT_THE_DESK['expert1']! : ''))}</p>
<dl>${copied('登录名', login)}${copied('密码', password)}${copied('动态口令', codes[login] ?? '', ` class="code" data-login="${escape(login)}"`)}</dl>
<p class="go"><a class="button" href="${escape(deskUrl(webUrl, login))}" target="desk-${escape(login)}">打开工作台</a></p></li>`;

const nobody = `<p class="card">现在没有演示数据。管理员用 <code>npm run first-admin -- 登录名</code> 得到启用码，在工作台启用账户后导入名单、开设账户。</p>`;

export function page({ personas, webUrl, simulatorUrl }: EntryFacts, codes: Codes): string {
  const phones = Object.entries(personas.phones).map(phoneCard(simulatorUrl)).join('');
  const staff = Object.values(personas.staff);
  const desk = deskCard(webUrl, codes);
  const further = staff.filter(({ credentials }) => isFurther(credentials.login));
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>数转通 · 入口</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/entry.css"><script src="/entry.js" defer></script></head><body>
<header><h1>数转通</h1><p>新乡市中小企业数字化转型城市试点</p><p class="demo"><strong>本机演示环境。</strong>单位、人员和数据均为虚构；密码和动态口令只因为是演示才写在这里。</p></header>
<main>
<section aria-labelledby="phones"><h2 id="phones">用微信的人</h2><p class="lead">企业、服务商和公众用小程序。每张卡片是一部虚拟手机，已经登录并认领了单位。</p>${phones ? `<ul class="cards">${phones}</ul>` : nobody}</section>
<section aria-labelledby="staff"><h2 id="staff">工作人员</h2><p class="lead">用登录名、密码和动态口令登录工作台。几位同事可以在同一个浏览器里同时登录。</p>
<p class="countdown" hidden><progress max="30" value="30" aria-hidden="true"></progress><span role="timer"></span></p>${staff.length > 0
  ? `<ul class="cards">${staff.filter(({ credentials }) => !isFurther(credentials.login)).map(desk).join('')}</ul>${further.length > 0 ? `<details><summary>另外 ${further.length} 位专家</summary><ul class="cards">${further.map(desk).join('')}</ul></details>` : ''}` : nobody}</section>
<section aria-labelledby="walk"><h2 id="walk">第一次来？走完一件实名举报</h2><ol class="walk">
<li>打开<b>公众</b>的小程序，对助手说“我要举报服务商”，按提示填写，确认提交，记下案件编号。</li>
<li>打开<b>审核人员甲</b>的工作台登录：“我的队列”里有这件举报（也可能派给了审核人员乙），领取它。</li>
<li>核验身份、受理举报、向服务商核实；打开被举报<b>服务商</b>的小程序，在“待办”里回复核实事项。</li>
<li>甲提出核查意见，<b>审核人员乙</b>同意；<b>服务商</b>在“待办”里陈述申辩；<b>负责人</b>作出处理决定。</li>
<li>回到<b>公众</b>的小程序看答复；在“服务商库”里看到处理结果。</li></ol></section>
<section aria-labelledby="system"><h2 id="system">系统</h2><ul class="links"><li><a href="${escape(simulatorUrl)}/" target="wechat">全部虚拟手机</a>：收到的微信消息、客服会话，也可以添加新手机</li>
<li><a href="${escape(webUrl)}/docs">流程与接口说明</a>、<a href="${escape(webUrl)}/openapi.json">openapi.json</a></li><li><a href="${escape(webUrl)}/readyz">就绪状态</a></li></ul></section>
</main></body></html>`;
}
