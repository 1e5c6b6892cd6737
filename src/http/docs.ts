import { readFile } from 'node:fs/promises';
import Router from '@koa/router';
import { stateDiagram } from '../kernel/diagrams';
import { REFUSALS } from '../kernel/refusal';
import { articleInWords } from '../rulebook/articles';
import type { Services } from '../services';
import { areaPaths } from './areas';
import { openApi } from './openapi';

/** `/openapi.json` and `/docs`: both drawn from the declarations, so neither can be out of date. */
export function docsRoutes({ kernel, config }: Services): Router {
  const procedures = [...kernel.procedures.values()];
  const description = JSON.stringify(openApi(procedures, areaPaths(), config.publicUrl));
  const page = docsPage(procedures);
  return new Router()
    .get('/openapi.json', (ctx) => {
      ctx.type = 'application/json';
      ctx.body = description;
    })
    .get('/docs', (ctx) => {
      // Mermaid writes style elements into its drawings; nothing else on this page may.
      ctx.set('Content-Security-Policy', "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:");
      ctx.type = 'html';
      ctx.body = page;
    })
    .get('/docs/mermaid.js', async (ctx) => {
      ctx.set('Cache-Control', 'public, max-age=86400');
      ctx.type = 'text/javascript';
      ctx.body = await readFile(require.resolve('@mermaid-js/tiny'));
    })
    .get('/docs/draw.js', (ctx) => {
      ctx.type = 'text/javascript';
      ctx.body = 'mermaid.initialize({ startOnLoad: true, theme: "neutral", state: { useMaxWidth: false } });';
    });
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function docsPage(procedures: Services['kernel']['procedures'] extends ReadonlyMap<string, infer P> ? readonly P[] : never): string {
  const sections = procedures.map((p) => `
    <section id="${p.name}"><h2>${escape(p.title)} <small>${p.prefix} · ${articleInWords(p.article)}</small></h2>
    <pre class="mermaid">${escape(stateDiagram(p))}</pre>
    <table><thead><tr><th>操作</th><th>名称</th><th>从</th><th>到</th><th>依据</th></tr></thead><tbody>${Object.values(p.moves).map((move) => `
      <tr><td><code>${move.name}</code></td><td>${escape(move.title)}</td><td>${move.from.map((state) => escape(p.states[state]!.title)).join('、') || '（发起）'}</td>
      <td>${move.to.map((state) => escape(p.states[state]!.title)).join('、') || '（不变）'}</td><td>${articleInWords(move.article)}</td></tr>`).join('')}
    </tbody></table></section>`).join('');
  const codes = Object.entries(REFUSALS).map(([code, [status, sentence]]) => `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escape(sentence)}</td></tr>`).join('');
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>数转通 · 流程与接口</title>
<style>body{font:16px/1.7 system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2329}h2{margin-top:3rem}small{color:#646a73;font-weight:400}
table{border-collapse:collapse;width:100%;font-size:.9rem}td,th{border-bottom:1px solid #dee0e3;padding:.35rem .6rem;text-align:left;vertical-align:top}nav a{margin-right:1rem}pre{overflow:auto}</style>
<h1>数转通 · 流程与接口</h1><p>由流程声明生成。接口描述：<a href="/openapi.json">openapi.json</a>（OpenAPI 3.1）</p>
<nav>${procedures.map((p) => `<a href="#${p.name}">${escape(p.title)}</a>`).join('')}<a href="#codes">错误代码</a></nav>${sections}
<section id="codes"><h2>错误代码</h2><table><tbody>${codes}</tbody></table></section>
<script src="/docs/mermaid.js"></script><script src="/docs/draw.js"></script></html>`;
}
