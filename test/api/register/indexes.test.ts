import { aCreditCode, registerWorld, type RegisterWorld } from './world';
import type { RegisterModels } from '../../../src/register/models';

let world: RegisterWorld;
beforeAll(async () => {
  world = await registerWorld();
  for (let number = 0; number < 3; number += 1) {
    await world.register.organisations.ensure({ uscc: aCreditCode(number), name: `公司${number}`, kind: 'enterprise', region: '410783', sector: 'lifting' });
  }
});
afterAll(() => world.close());

const city = 'xinxiang';
const some = { $in: ['x', 'y'] };
it.each<[keyof RegisterModels, object, Record<string, 1 | -1>]>([
  ['people', { city, openid: 'x' }, {}],
  ['people', { city, 'staff.login': 'x' }, {}],
  ['people', { city, phoneIndex: 'x' }, {}],
  ['people', { city, 'staff.login': { $exists: true }, 'staff.roles': 'admin', 'staff.active': true, _id: { $ne: 'x' } }, {}],
  ['people', { city, 'staff.login': { $exists: true } }, { 'staff.login': 1 }],
  ['organisations', { city, uscc: some }, {}],
  ['organisations', { city, _id: some }, {}],
  ['memberships', { city, org: 'x', person: 'y', active: true }, {}],
  ['memberships', { city, org: 'x', role: 'owner', active: true }, {}],
  ['memberships', { city, org: 'x', active: true }, { since: 1 }],
  ['memberships', { city, person: 'x', active: true }, {}],
  ['invitations', { city, phoneIndex: 'x', status: 'open', expiresAt: { $gt: new Date(0) } }, {}],
  ['invitations', { city, org: 'x', status: 'open' }, {}],
  ['pilotEntries', { city, uscc: 'x', kind: 'enterprise' }, {}],
  ['claims', { city, person: 'x' }, { createdAt: -1 }],
  ['claims', { city, person: 'x', uscc: 'y', status: 'pending' }, {}],
  ['claims', { city, status: 'pending', $and: [{ region: { $in: ['410783'] } }] }, { createdAt: 1, _id: 1 }],
  ['claims', { city, status: 'bound', settled: false }, {}],
  ['sessions', { city, accessHash: 'x' }, {}],
  ['sessions', { city, handleHash: 'x' }, {}],
  ['sessions', { city, person: 'x' }, {}],
])('%s %j is answered by an index', async (name, filter, sort) => {
  const model = world.register.models[name] as typeof world.register.models.people;
  const plan = JSON.stringify(await model.find(filter as never).sort(sort).explain('queryPlanner'));
  expect(plan).toContain('IXSCAN');
  expect(plan.replace(/"rejectedPlans":.*$/, '')).not.toContain('COLLSCAN');
});
