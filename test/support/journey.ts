import { City } from '../../scripts/demo/city';
import { seed } from '../../scripts/seed';
import { firstBreak } from '../../src/kernel/chain';
import { testApp, type TestApp } from './app';

export interface Journey {
  app: TestApp;
  city: City;
  /** Moves the clock; clocks that ran out make their moves, tokens run out. */
  pass(to: string | { days: number }): Promise<void>;
  /** What every journey must leave behind on its cases: whole chains, a line with an article for each step, nothing pending. */
  check(...nos: string[]): Promise<void>;
  close(): Promise<void>;
}

/** The whole product with the demo's people, driven over HTTP by the demo's own stories. */
export async function journey(options: Parameters<typeof testApp>[0] = {}): Promise<Journey> {
  const app = await testApp(options);
  const { code } = await app.services.register.staff.firstAdmin('seeder', { force: true });
  const personas = await seed({ webUrl: app.url, simulatorUrl: app.simulator.url, adminCode: { login: 'seeder', code }, clock: app.clock });
  // A dynamic code is good once, and the test's clock stands still.
  await app.advance({ days: 1 / 1440 });
  const city = new City(app.url, app.simulator.url, personas, undefined, app.clock);
  return {
    app, city,
    async pass(to) {
      await app.advance(to);
      city.signOut();
    },
    async check(...nos) {
      await app.settle();
      for (const no of nos) {
        const c = (await app.services.cases.findOne({ no }))!;
        expect({ no, break: firstBreak(c) }).toEqual({ no, break: null });
        for (const entry of c.timeline) expect(app.services.kernel.procedureOf(c).moves[entry.move]?.article).toBe(entry.article);
        expect(c.outbox).toEqual([]);
      }
      expect(await app.services.review.check()).toMatchObject({ missing: [], doubled: [] });
    },
    close: () => app.close(),
  };
}
