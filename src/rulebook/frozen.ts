/** Freezes data and everything in it: one process's mistake must not change the policy for all its cases. */
export function frozen<T>(data: T): T {
  if (typeof data !== 'object' || data === null || Object.isFrozen(data)) return data;
  Object.values(data).forEach(frozen);
  return Object.freeze(data);
}
