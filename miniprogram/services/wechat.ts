import { host } from '../config';
import { createClient, type Answer } from './client';
import type { Me, Tokens } from './types';

const TOKENS = 'tokens';
const PATIENCE_MS = 20_000;

const send = (path: string, method: 'GET' | 'POST' | 'DELETE', header: Record<string, string>, data?: unknown): Promise<Answer> =>
  new Promise((resolve, reject) => {
    wx.request({
      url: host() + path, method, header, timeout: PATIENCE_MS, ...(data === undefined ? {} : { data: data as WechatMiniprogram.IAnyObject }),
      success: ({ statusCode, data: answer }) => resolve({ status: statusCode, data: answer }),
      fail: reject,
    });
  });

/** A key for one write: what is said twice under it happens once. */
export const newKey = (): string => `mp-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}${Math.random().toString(36).slice(2, 12)}`;

/** `wx.login` is silent: nobody is asked anything before they see what the service does. */
async function signIn(): Promise<Tokens> {
  const { code } = await wx.login();
  const answer = await send('/api/v1/session/wechat', 'POST', {}, { code });
  if (answer.status !== 201) throw new Error('sign-in refused');
  return answer.data as Tokens & Me;
}

export const client = createClient({
  transport: {
    send: ({ method, path, data, header }) => send(path, method, header, data),
    upload: ({ path, filePath, header }) => new Promise((resolve, reject) => {
      wx.uploadFile({
        url: host() + path, filePath, name: 'file', header, timeout: 120_000,
        // The answer of an upload arrives as text.
        success: ({ statusCode, data }) => resolve({ status: statusCode, data: parsed(data) }),
        fail: reject,
      });
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
