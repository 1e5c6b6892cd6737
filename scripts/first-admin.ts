/**
 * Makes the first administrator and prints a one-time enrolment code; there is no default password. Refuses when there is an
 * administrator already, unless --force says that none of them can be reached any more.
 *
 *   MONGODB_URI=… VAULT_KEYS=… node dist/scripts/first-admin.js LOGIN [--force] [--json]
 *
 * The code is good once, for three days: on the console's enrolment page it sets the password and the authenticator app.
 */
import { connectMongo } from '../src/store/mongo';
import { Refusal } from '../src/kernel/refusal';
import { checkKeys } from '../src/vault/check';
import { parseKeyRing } from '../src/vault/crypto';
import { staffOnly } from '../src/register/register';

async function main(): Promise<void> {
  const { MONGODB_URI, VAULT_KEYS, MONGODB_NAME = 'shuzhuantong', CITY = 'xinxiang' } = process.env;
  if (!MONGODB_URI || !VAULT_KEYS) throw new Error('needs MONGODB_URI and VAULT_KEYS');
  const words = process.argv.slice(2);
  const login = words.find((word) => !word.startsWith('--'))?.toLowerCase();
  if (!login || !/^[a-z][a-z0-9._-]{2,39}$/.test(login)) throw new Error('needs a login: a letter, then 2 to 39 letters, digits, dots, dashes or underscores');

  const keys = parseKeyRing(VAULT_KEYS);
  const connection = await connectMongo(MONGODB_URI, MONGODB_NAME, { poolSize: 2 });
  try {
    await checkKeys(connection, keys);
    const register = staffOnly({ connection, keys, city: CITY, clock: () => new Date() });
    await register.ensureIndexes();
    const { code, expiresAt } = await register.staff.firstAdmin(login, { force: words.includes('--force') });
    console.log(words.includes('--json')
      ? JSON.stringify({ login, code, expiresAt })
      : `登录名  ${login}\n启用码  ${code}\n有效期至 ${expiresAt.toISOString()}（仅显示这一次，用于设置密码和动态口令）`);
  } finally {
    await connection.close();
  }
}

main().catch((error: Error) => {
  console.error(error instanceof Refusal ? `${error.detail}（确需再建一名管理员时加 --force）` : error.message);
  process.exitCode = 1;
});
