import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Connection } from 'mongoose';
import { connectMongo } from '../src/store/mongo';
import { startEngines } from './engines';

/** What a command works on: the same names and defaults as the product's own configuration. */
export interface Database {
  connection: Connection;
  city: string;
  name: string;
  /** Absent where only an embedded database was started for this command: its Redis starts empty anyway. */
  redis?: { url: string; prefix: string };
  close(): Promise<void>;
}

interface Running { mongodbUri: string; redisUrl: string; env: Record<string, string | undefined> }

/** How long a system that `run.json` names may take to answer before it counts as stopped. */
const ALIVE_WITHIN_MS = 1500;

/**
 * The database a command is for: MONGODB_URI where it is set; else the system running from DATA_DIR (`npm start`); else the
 * embedded engine over that folder, started for as long as the command runs.
 */
export async function openDatabase(environment: NodeJS.ProcessEnv = process.env): Promise<Database> {
  const dir = path.resolve(environment['DATA_DIR'] ?? '.data');
  const running = environment['MONGODB_URI'] ? null : runningIn(dir);
  const env = { ...running?.env, ...environment };
  const name = env['MONGODB_NAME'] ?? 'shuzhuantong';
  const city = env['CITY'] ?? 'xinxiang';
  const redisOf = (url: string | undefined) => (url ? { redis: { url, prefix: env['REDIS_PREFIX'] ?? '{szt}' } } : {});

  if (environment['MONGODB_URI']) {
    const connection = await connectMongo(environment['MONGODB_URI'], name, { poolSize: 2 });
    return { connection, city, name, ...redisOf(environment['REDIS_URL']), close: () => connection.close() };
  }
  if (running) {
    const connection = await connectMongo(running.mongodbUri, name, { poolSize: 2, serverSelectionTimeoutMs: ALIVE_WITHIN_MS }).catch(() => null);
    if (connection) return { connection, city, name, ...redisOf(running.redisUrl), close: () => connection.close() };
  }
  const engines = await startEngines({ dir, redis: false });
  const connection = await connectMongo(engines.mongodbUri, name, { poolSize: 2 });
  return { connection, city, name, close: async () => { await connection.close(); await engines.stop(); } };
}

function runningIn(dir: string): Running | null {
  try {
    return JSON.parse(readFileSync(path.join(dir, 'run.json'), 'utf8')) as Running;
  } catch {
    return null;
  }
}
