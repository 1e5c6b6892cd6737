/** The two pages around the mini-program: a desk with a phone on it, and the phone's own screen. */

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
/** JSON that cannot end the script around it. */
const inScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

export interface PhoneFacts { openid: string; simulator: string; hosts: Record<string, string> }

/** The screen of one phone: the mini-program fills it. */
export const screenPage = (phone: PhoneFacts): string => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover"><title>数转通</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/phone/app.css"></head><body><script>window.__phone=${inScript(phone)}</script><script src="/phone/app.js"></script></body></html>`;

/** For a wide window: the phone in its frame; a narrow one is the phone already. */
export const deskPage = ({ title, screenUrl, messagesUrl }: { title: string; screenUrl: string; messagesUrl: string }): string => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title)} · 小程序</title><link rel="icon" href="data:,"><style>
body{margin:0;min-height:100vh;display:grid;place-content:center;gap:12px;background:#e9ecf1;font:15px/1.6 system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif;color:#1f2329;text-align:center}
iframe{width:375px;height:min(812px,calc(100vh - 110px));border:10px solid #1f2329;border-radius:36px;background:#fff}a{color:#0b57c2}p{margin:0}
@media(max-width:500px){body{display:block}iframe{position:fixed;inset:0;width:100%;height:100%;border:0;border-radius:0}p{display:none}}
</style></head><body><p>${escape(title)}</p><iframe src="${escape(screenUrl)}" allow="clipboard-write" title="${escape(title)}的小程序"></iframe>
<p><a href="${escape(messagesUrl)}" target="_blank" rel="noopener">这部手机收到的微信消息</a></p></body></html>`;
