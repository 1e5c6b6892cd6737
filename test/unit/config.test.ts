import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DEMO_VAULT_KEYS, readConfig } from '../../src/config';
import { parseKeyRing } from '../../src/vault/crypto';
import { testEnvironment } from '../support/app';

const root = path.join(__dirname, '../..');
const example = Object.fromEntries(readFileSync(path.join(root, '.env.example'), 'utf8').split('\n').filter((line) => /^[A-Z]/.test(line)).map((line) => {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}));

it('.env.example lists every variable of the configuration, and no other', () => {
  const source = readFileSync(path.join(root, 'src/config.ts'), 'utf8');
  const read = [...source.slice(source.indexOf('const schema'), source.indexOf('.unknown(true)')).matchAll(/^ {2}([A-Z_]+): Joi/gm)].map(([, name]) => name);
  expect(Object.keys(example).sort()).toEqual(read.sort());
});

it('its values are taken as they stand, and its addresses lead nowhere', () => {
  const config = readConfig(example);
  expect(config.wechat.pushAesKey).toHaveLength(43);
  expect(() => parseKeyRing(config.vaultKeys)).not.toThrow();
  for (const address of [config.mongodbUri, config.redisUrl, config.wechat.baseUrl]) expect(address).toContain('.invalid');
});

it('every fault of an environment is named at once', () => {
  const faults = Object.keys(example).filter((name) => ['PORT', 'ROLES', 'MONGODB_URI', 'REDIS_URL', 'WECHAT_APP_ID', 'WECHAT_PUSH_AES_KEY', 'VAULT_KEYS'].includes(name));
  const { VAULT_KEYS: _, ...rest } = example;
  const wrong = { ...rest, PORT: 'x', ROLES: 'cook', MONGODB_URI: 'http://x', REDIS_URL: 'x', WECHAT_APP_ID: 'x', WECHAT_PUSH_AES_KEY: 'x' };
  let message = '';
  try { readConfig(wrong); } catch (error) { message = (error as Error).message; }
  for (const name of faults) expect(message).toContain(`"${name}"`);
});

it('H11: production refuses what belongs on a developer\'s machine', () => {
  const production = { ...example, NODE_ENV: 'production', PUBLIC_URL: 'https://szt.example.gov.cn', WECHAT_BASE_URL: 'https://api.weixin.qq.com' };
  expect(readConfig(production).env).toBe('production');
  expect(() => readConfig({ ...production, VAULT_KEYS: DEMO_VAULT_KEYS })).toThrow('VAULT_KEYS');
  expect(() => readConfig({ ...production, PUBLIC_URL: 'http://szt.example.gov.cn' })).toThrow('PUBLIC_URL');
  expect(() => readConfig({ ...production, WECHAT_BASE_URL: 'http://127.0.0.1:3010' })).toThrow('WECHAT_BASE_URL');
});

it('a test that was given no addresses can reach nothing', () => {
  const config = readConfig(testEnvironment());
  for (const address of [config.mongodbUri, config.redisUrl, config.wechat.baseUrl, config.publicUrl]) expect(address).toContain('you-forgot-the-simulator.invalid');
});
