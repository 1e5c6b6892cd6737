import { host } from '../config';
import { createClient, NotSignedIn, Problem, Unreachable, type Answer } from './client';
import type { Me, Tokens } from './types';

const TOKENS = 'tokens';
const PATIENCE_MS = 20_000;

/** Throws what a person at the bureau can act on when the mini-program was built without its domain. */
export function address(path: string): string {
  const base = host();
  if (base === '') throw new Problem(0, 'NO_SERVICE', '这个版本没有设置服务地址，请联系市工信局更新小程序。');
  return base + path;
}

const send = (path: string, method: 'GET' | 'POST' | 'DELETE', header: Record<string, string>, data?: unknown): Promise<Answer> =>
  new Promise((resolve, reject) => {
    wx.request({
      url: address(path), method, header, timeout: PATIENCE_MS, ...(data === undefined ? {} : { data: data as WechatMiniprogram.IAnyObject }),
      success: ({ statusCode, data: answer }) => resolve({ status: statusCode, data: answer }),
      fail: reject,
    });
  });

/** A key for one write: what is said twice under it happens once. */
export const newKey = (): string => `mp-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}${Math.random().toString(36).slice(2, 12)}`;

/** `wx.login` is silent: nobody is asked anything before they see what the service does. */
async function signIn(): Promise<Tokens> {
  const { code } = await wx.login().catch(() => { throw new NotSignedIn(); });
  const answer = await send('/api/v1/session/wechat', 'POST', {}, { code }).catch((error: unknown) => { throw error instanceof Problem ? error : new Unreachable(); });
  if (answer.status !== 201) throw new NotSignedIn();
  return answer.data as Tokens & Me;
}

export const client = createClient({
  transport: {
    send: ({ method, path, data, header }) => send(path, method, header, data),
    upload: ({ path, filePath, header, onProgress }) => new Promise((resolve, reject) => {
      const task = wx.uploadFile({
        url: address(path), filePath, name: 'file', header, timeout: 120_000,
        // The answer of an upload arrives as text.
        success: ({ statusCode, data }) => resolve({ status: statusCode, data: parsed(data) }),
        fail: reject,
      });
      if (onProgress) task.onProgressUpdate(({ progress }) => onProgress(progress));
    }),
  },
  tokens: {
    load: () => (wx.getStorageSync(TOKENS) as Tokens | '') || null,
    save: (tokens) => { if (tokens) wx.setStorageSync(TOKENS, tokens); else wx.removeStorageSync(TOKENS); },
  },
  signIn,
  wait: (ms) => new Promise((resolve) => { setTimeout(resolve, ms); }),
  newKey,
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
