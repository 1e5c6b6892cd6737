/** Any call of `wx`: options in, callbacks or a promise out. */
export type Options = Record<string, any>; // any: each call has its own options

/**
 * Makes a function of ours into one of `wx`: `success`, `fail` and `complete` are called, and without them the promise tells. A thrown
 * text becomes WeChat's `errMsg`.
 */
export const call = (name: string, work: (options: Options) => unknown) => (options: Options = {}): Promise<unknown> => {
  const promise = (async () => {
    try {
      const result = { errMsg: `${name}:ok`, ...((await work(options)) as object | undefined) };
      options['success']?.(result);
      options['complete']?.(result);
      return result;
    } catch (error) {
      const reason = error as { message?: string; errno?: number } | string;
      const failure = { errMsg: `${name}:fail ${typeof reason === 'string' ? reason : reason.message ?? ''}`, ...(typeof reason === 'object' && reason.errno ? { errno: reason.errno } : {}) };
      options['fail']?.(failure);
      options['complete']?.(failure);
      if (!options['success'] && !options['fail'] && !options['complete']) throw failure;
      return undefined;
    }
  })();
  promise.catch(() => undefined);
  return promise;
};
