import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface OperatorEnvironment {
  MONGODB_URI: string;
  MONGODB_NAME: string;
  REDIS_URL: string;
  REDIS_PREFIX: string;
  CITY: string;
}

/**
 * Where an operator's command finds the system: in the environment as the product itself does, or, when that names no database,
 * what `npm start` on this machine has written down.
 * @param needs names that must be known
 * @throws Error that names what is missing
 */
export function operatorEnvironment(needs: readonly (keyof OperatorEnvironment)[]): OperatorEnvironment {
  const named = definedOf(process.env);
  const found: Partial<Record<string, string>> = { MONGODB_NAME: 'shuzhuantong', REDIS_PREFIX: '{szt}', CITY: 'xinxiang', ...(named['MONGODB_URI'] ? {} : startedHere()), ...named };
  const missing = needs.filter((name) => !found[name]);
  if (missing.length > 0) throw new Error(`needs ${missing.join(' and ')} in the environment, or a system started here with npm start`);
  return found as unknown as OperatorEnvironment;
}

function startedHere(): Record<string, string> {
  try {
    const { env = {}, mongodbUri, redisUrl } = JSON.parse(readFileSync(path.resolve(process.env['DATA_DIR'] ?? '.data', 'run.json'), 'utf8'));
    return { ...env, MONGODB_URI: mongodbUri, REDIS_URL: redisUrl };
  } catch {
    return {};
  }
}

const definedOf = (values: Record<string, string | undefined>): Partial<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
