/** Lets at most `width` run at a time, the others wait their turn: cleaning a file holds several copies of it in memory. */
export function gate(width: number) {
  let free = width;
  const waiting: (() => void)[] = [];

  return async function through<T>(work: () => Promise<T>): Promise<T> {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => { waiting.push(resolve); });
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
