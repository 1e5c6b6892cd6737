import type { IncomingMessage, ServerResponse } from 'node:http';
import { Secret, TOTP } from 'otpauth';
import type { Personas } from './seed';

/** The page `npm start` prints: where each persona enters. Demo only: it shows demo passwords and live dynamic codes. */
export function entryPage(request: IncomingMessage, response: ServerResponse, { personas, webUrl, simulatorUrl }: { personas: Personas; webUrl: string; simulatorUrl: string }): void {
  response.setHeader('Cache-Control', 'no-store');
  if (request.url !== '/') {
    response.writeHead(404).end();
    return;
  }
  const phones = Object.entries(personas.phones).map(([key, { title, openid }]) =>
    `<li><a href="/phone/${escape(key)}">${escape(title)}</a> · <a href="${simulatorUrl}/#${openid}">微信消息与客服</a></li>`).join('');
  const staff = Object.values(personas.staff).map(({ title, credentials: { login, password, totpSecret } }) =>
    `<tr><td>${escape(title)}</td><td><code>${escape(login)}</code></td><td><code>${escape(password)}</code></td><td><code>${new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate()}</code></td></tr>`).join('');
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
  response.end(`<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="20"><title>数转通 · 入口</title>
<style>body{font:16px/1.8 system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif;max-width:60rem;margin:2.5rem auto;padding:0 1rem;color:#1f2329;background:#f5f6f7}
h1{font-size:1.6rem;margin-bottom:.2rem}p.sub{color:#646a73;margin-top:0}section{background:#fff;border-radius:10px;padding:1rem 1.5rem;margin:1rem 0;box-shadow:0 1px 2px #0001}
h2{font-size:1.1rem;margin:.2rem 0 .6rem}a{color:#1456f0}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #eff0f1}ul{padding-left:1.2rem;margin:.3rem 0}code{background:#f2f3f5;border-radius:4px;padding:.1rem .3rem}</style>
<h1>数转通</h1><p class="sub">新乡市中小企业数字化转型城市试点 · 本机演示环境（数据均为虚构）</p>
<section><h2>小程序（企业、服务商、公众）</h2><ul>${phones || '<li>没有演示数据</li>'}</ul><p class="sub">点单位名称打开它的小程序；“微信消息与客服”是这部手机收到的微信消息，也可以在那里与客服对话。</p></section>
<section><h2>工作人员</h2><p><a href="${webUrl}/console">打开审核台</a>，用下面的账户登录。</p><table><thead><tr><th>身份</th><th>登录名</th><th>密码</th><th>动态口令（每30秒更新）</th></tr></thead><tbody>${staff}</tbody></table></section>
<section><h2>系统</h2><ul><li><a href="${webUrl}/docs">流程与接口说明</a></li><li><a href="${webUrl}/openapi.json">openapi.json</a></li><li><a href="${webUrl}/readyz">就绪状态</a></li><li><a href="${simulatorUrl}/">全部虚拟手机</a></li></ul></section></html>`);
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
