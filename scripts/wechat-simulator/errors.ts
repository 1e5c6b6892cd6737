/** WeChat's texts of its error codes, as callers see them in the field. */
const TEXTS: Record<number, string> = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40037: 'invalid template_id',
  40125: 'invalid appsecret',
  40129: 'invalid scene',
  40163: 'code been used',
  40164: 'invalid ip 192.0.2.10, not in whitelist',
  40226: 'code blocked',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  41030: 'invalid page',
  42001: 'access_token expired',
  43101: 'user refuse to accept the msg',
  43104: 'appid and openid not match',
  43107: 'subscribe message capability banned',
  43108: 'concurrent send to the same user',
  43302: 'invalid http method',
  44002: 'empty post data',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit',
  45015: 'response out of time limit or subscription is canceled',
  45047: 'out of response count limit',
  45072: 'invalid command',
  45080: 'need sending message to user within 30s',
  45081: 'typing is already set',
  45162: 'invalid type',
  45168: 'hit sensitive word',
  47001: 'data format error',
  47003: 'argument invalid!',
  48001: 'api unauthorized',
  61010: 'code is expired',
  87009: 'invalid signature',
};

/** An answer with an errcode; HTTP 200, as WeChat gives it. */
export class ApiError extends Error {
  constructor(
    readonly errcode: number,
    readonly more = '',
  ) {
    super(TEXTS[errcode] ?? 'error');
  }

  body(rid: string) {
    return { errcode: this.errcode, errmsg: `${this.message}${this.more ? ` ${this.more}` : ''} rid: ${rid}` };
  }
}
