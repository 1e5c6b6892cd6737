import { createHmac, randomBytes } from 'node:crypto';
import { ApiError } from '../errors';
import type { Call } from './call';
import type { World } from '../world';

/** Codes that stand for what cannot be made to happen otherwise. */
export const MAGIC_CODES: Record<string, number> = { SIM_BLOCKED: 40226, SIM_TOO_OFTEN: 45011 };

export const loginApi = (world: World) => ({
  'GET /sns/jscode2session': ({ query }: Call) => {
    if (!query['js_code']) throw new ApiError(41008);
    checkAccount(world, query['appid'], query['secret'], 40125);
    if (query['grant_type'] !== 'authorization_code') throw new ApiError(40002);
    const magic = MAGIC_CODES[query['js_code']];
    if (magic) throw new ApiError(magic);
    const phone = world.redeem(query['js_code'], 'login');
    if (phone.isHighRisk) throw new ApiError(40226);
    // One valid key per user: a new login makes the old one stale.
    phone.sessionKey = randomBytes(16).toString('base64');
    phone.lastSeenAt = world.now();
    world.changed(phone);
    return { session_key: phone.sessionKey, openid: phone.openid };
  },

  'POST /cgi-bin/stable_token': ({ body }: Call) => {
    checkAccount(world, body['appid'], body['secret'], 40125);
    if (body['grant_type'] !== 'client_credential') throw new ApiError(40002);
    return world.tokens.stableToken(body['force_refresh'] === true);
  },

  'GET /cgi-bin/token': ({ query }: Call) => {
    if (query['grant_type'] !== 'client_credential') throw new ApiError(40002);
    checkAccount(world, query['appid'], query['secret'], 40001);
    return world.tokens.plainToken();
  },

  'GET /wxa/checksession': ({ query }: Call) => {
    const phone = world.phone(query['openid']);
    const expected = phone.sessionKey && createHmac('sha256', phone.sessionKey).update('').digest('hex');
    if (query['sig_method'] !== 'hmac_sha256' || query['signature'] !== expected) throw new ApiError(87009);
    return {};
  },

  'POST /wxa/business/getuserphonenumber': ({ body }: Call) => {
    const phone = world.redeem(body['code'], 'phone', body['openid']);
    const isAbroad = phone.countryCode !== '86';
    return {
      phone_info: {
        phoneNumber: isAbroad ? `+${phone.countryCode}${phone.phoneNumber}` : phone.phoneNumber,
        purePhoneNumber: phone.phoneNumber,
        // Documented as text, given as a number.
        countryCode: Number(phone.countryCode),
        watermark: { timestamp: Math.floor(world.now() / 1000), appid: world.watermarkAppId ?? world.options.appId },
      },
    };
  },
});

function checkAccount(world: World, appId: unknown, secret: unknown, secretError: number): void {
  if (!appId) throw new ApiError(41002);
  if (!secret) throw new ApiError(41004);
  if (appId !== world.options.appId) throw new ApiError(40013);
  if (secret !== world.options.appSecret) throw new ApiError(secretError);
}
