import { argon2id, hash, verify } from 'argon2';

/** OWASP's argon2id minimum: 19 MiB, two passes, one lane. */
const COST = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Hashes at once in this process: a flood of sign-ins waits in line instead of eating the memory. */
const AT_ONCE = 4;

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 128;

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resume) => waiting.push(resume));
  else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password.normalize('NFKC'), COST));

/** Some hash of the usual cost, made once: what an unknown login is compared with, so that it takes as long as a known one. */
let decoy: Promise<string> | undefined;

/** Whether the password fits; without a hash it is never right, and takes the same time to say so. */
export async function isPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password');
  const against = passwordHash ?? await decoy;
  const fits = await inTurn(() => verify(against, password.normalize('NFKC')));
  return fits && passwordHash !== undefined;
}

const CLASSES = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/];

/** What is wrong with a new password, in Chinese, or null. */
export function weakness(password: string, login: string): string | null {
  const { length } = [...password];
  if (length < PASSWORD_MIN) return `密码至少 ${PASSWORD_MIN} 个字符`;
  if (length > PASSWORD_MAX) return `密码最多 ${PASSWORD_MAX} 个字符`;
  if (password.toLowerCase().includes(login.toLowerCase())) return '密码不能包含登录名';
  if (CLASSES.filter((one) => one.test(password)).length < 3) return '密码须包含大写字母、小写字母、数字、符号中的至少三类';
  if (new Set(password).size < 6) return '密码中重复字符过多';
  return null;
}
