import Joi from 'joi';
import type { Templates } from './notify/templates';

/** Everything the product takes from its environment, checked once at start. Nobody else in `src` reads it. */
export interface Config {
  env: 'production' | 'development' | 'test';
  city: string;
  port: number;
  /** The address people and WeChat reach the product under; links in messages are built from it. */
  publicUrl: string;
  roles: ('web' | 'worker')[];
  mongodbUri: string;
  mongodbName: string;
  redisUrl: string;
  redisPrefix: string;
  logLevel: string;
  /** Header proxies put the client's address into; empty when there is no proxy. */
  trustProxy: boolean;
  wechat: { baseUrl: string; appId: string; appSecret: string; originalId: string; pushToken: string; pushAesKey: string; templates: Templates };
  /** Keys of the vault: `{"current":"k1","keys":{"k1":"<base64 of 32 bytes>"}}`. */
  vaultKeys: string;
  clamd: string;
  /** Requests per minute and process, see http/rate-limit. */
  requestLimits: { reads: number; writes: number; strangers: number };
}

const schema = Joi.object({
  NODE_ENV: Joi.string().valid('production', 'development', 'test').default('development'),
  CITY: Joi.string().pattern(/^[a-z]{2,20}$/).default('xinxiang'),
  PORT: Joi.number().port().allow(0).default(3000),
  PUBLIC_URL: Joi.string().uri({ scheme: ['http', 'https'] }).default((parent) => `http://localhost:${parent.PORT ?? 3000}`),
  ROLES: Joi.string().pattern(/^(web|worker)(,(web|worker))?$/).default('web,worker'),
  MONGODB_URI: Joi.string().pattern(/^mongodb(\+srv)?:\/\//).required(),
  MONGODB_NAME: Joi.string().pattern(/^[\w-]{1,60}$/).default('shuzhuantong'),
  REDIS_URL: Joi.string().uri({ scheme: ['redis', 'rediss'] }).required(),
  REDIS_PREFIX: Joi.string().pattern(/^\{[\w-]+\}$/).default('{szt}'),
  LOG_LEVEL: Joi.string().valid('fatal', 'error', 'warn', 'info', 'debug', 'silent').default('info'),
  TRUST_PROXY: Joi.boolean().default(false),
  WECHAT_BASE_URL: Joi.string().uri({ scheme: ['http', 'https'] }).default('https://api.weixin.qq.com'),
  WECHAT_APP_ID: Joi.string().pattern(/^wx[0-9a-zA-Z]{8,30}$/).required(),
  WECHAT_APP_SECRET: Joi.string().min(8).required(),
  WECHAT_ORIGINAL_ID: Joi.string().pattern(/^gh_\w+$/).required(),
  WECHAT_PUSH_TOKEN: Joi.string().min(3).max(32).required(),
  WECHAT_PUSH_AES_KEY: Joi.string().length(43).required(),
  WECHAT_TEMPLATES: Joi.string().custom((value: string, helpers) => {
    try { return JSON.parse(value); } catch { return helpers.error('any.invalid'); }
  }).default({}),
  VAULT_KEYS: Joi.string().required(),
  CLAMD: Joi.string().pattern(/^[\w.-]+:\d+$/).allow('').default(''),
  LIMIT_READS: Joi.number().integer().min(1).default(1200),
  LIMIT_WRITES: Joi.number().integer().min(1).default(240),
  LIMIT_STRANGERS: Joi.number().integer().min(1).default(300),
}).unknown(true);

/** Reads and checks the environment. All faults are named at once, by variable. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const { value, error } = schema.validate(environment, { abortEarly: false, convert: true });
  const faults = error?.details.map(({ message }) => message) ?? [];
  if (environment['NODE_ENV'] === 'production') faults.push(...unsafeInProduction(environment));
  if (faults.length > 0) throw new Error(`The environment is not right:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\nSee .env.example for every variable.`);
  return Object.freeze({
    env: value.NODE_ENV, city: value.CITY, port: value.PORT, publicUrl: value.PUBLIC_URL.replace(/\/$/, ''), roles: value.ROLES.split(','),
    mongodbUri: value.MONGODB_URI, mongodbName: value.MONGODB_NAME, redisUrl: value.REDIS_URL, redisPrefix: value.REDIS_PREFIX,
    logLevel: value.LOG_LEVEL, trustProxy: value.TRUST_PROXY,
    wechat: {
      baseUrl: value.WECHAT_BASE_URL, appId: value.WECHAT_APP_ID, appSecret: value.WECHAT_APP_SECRET, originalId: value.WECHAT_ORIGINAL_ID,
      pushToken: value.WECHAT_PUSH_TOKEN, pushAesKey: value.WECHAT_PUSH_AES_KEY, templates: value.WECHAT_TEMPLATES,
    },
    vaultKeys: value.VAULT_KEYS, clamd: value.CLAMD,
    requestLimits: { reads: value.LIMIT_READS, writes: value.LIMIT_WRITES, strangers: value.LIMIT_STRANGERS },
  });
}

/** The key ring `npm start` uses for its demo data; published, so good for nothing else. */
export const DEMO_VAULT_KEYS = JSON.stringify({ current: 'demo', keys: { demo: Buffer.from('demo-only-demo-only-demo-only-32').toString('base64') } });

/** Values that only belong on a developer's machine. */
function unsafeInProduction(environment: Record<string, string | undefined>): string[] {
  const faults: string[] = [];
  if (/localhost|127\.0\.0\.1/.test(environment['WECHAT_BASE_URL'] ?? '')) faults.push('"WECHAT_BASE_URL" is a simulator; production talks to WeChat itself');
  if (environment['VAULT_KEYS'] === DEMO_VAULT_KEYS) faults.push('"VAULT_KEYS" is the example; generate keys of your own');
  if (!(environment['PUBLIC_URL'] ?? '').startsWith('https:')) faults.push('"PUBLIC_URL" must be https in production');
  return faults;
}
