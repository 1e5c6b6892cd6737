import { Problem } from './client';
import { newKey } from './wechat';

/**
 * The key for what is sent after `error`: a refusal did nothing under its key, so what follows is another request; after a lost
 * network nobody knows, and the same key makes trying again safe.
 */
export const keyAfter = (key: string, error: unknown): string =>
  (error instanceof Problem && error.status >= 400 && error.status < 500 && error.code !== 'KEY_REUSED' ? newKey() : key);
