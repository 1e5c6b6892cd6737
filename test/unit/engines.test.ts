import { Schema } from 'mongoose';
import { testDatabase, type TestDatabase } from '../support/engines';

let db: TestDatabase;
beforeAll(async () => { db = await testDatabase(); });
afterAll(() => db.close());

it('mongo keeps', async () => {
  const M = db.connection.model('x', new Schema({ a: Number }));
  await M.create({ a: 1 });
  expect((await M.findOneAndUpdate({ a: 1 }, { $inc: { a: 1 } }, { returnDocument: 'after' }))?.a).toBe(2);
});
it('redis keeps', async () => {
  await db.redis.set(`${db.prefix}:a`, 1);
  expect(await db.redis.get(`${db.prefix}:a`)).toBe('1');
});
