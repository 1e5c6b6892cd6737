/** Patience ran out. */
export class LateError extends Error {
  override name = 'LateError';
}

/**
 * Fails after `ms` milliseconds of waiting for work that may never come back: a database driver can lose an answer when a server is
 * killed under it. What is given up this way may still finish later, so it must be harmless when done twice.
 */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => reject(new LateError(`${what}: no end after ${ms / 1000} s`)), ms); });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
