import { makeActor, type Role } from '../../../src/kernel/actor';
import { decideClaim, mayDecideClaim } from '../../../src/register/claims';
import type { ClaimDoc } from '../../../src/register/documents';
import { isPassword, hashPassword, weakness } from '../../../src/register/passwords';
import { maskPhone } from '../../../src/register/people';
import { newTotpSecret, totpStep } from '../../../src/register/totp';
import { Secret, TOTP } from 'otpauth';

const now = new Date('2026-11-23T01:00:00Z');
const staff = (role: Role, regions: string[] = [], person = 'p1') =>
  makeActor({ person, kind: 'staff', roles: [role], powers: [], desks: [], regions, session: 's' });
const aClaim = (given: Partial<ClaimDoc> = {}): ClaimDoc => ({
  _id: 'c', city: 'xinxiang', uscc: 'u', name: 'n', kind: 'enterprise', region: '410783', person: 'claimant', status: 'pending', via: 'desk',
  approvals: [], settled: false, createdAt: now, ...given,
});
const county = staff('county', ['410783']);

describe('deciding a claim', () => {
  it('one approval binds where there is no owner', () => {
    expect(decideClaim(aClaim(), { decision: 'approve' }, county, false, now)).toMatchObject({ status: 'bound', approvals: [{ by: 'p1' }] });
  });
  it('replacing an owner takes two different people', () => {
    const first = decideClaim(aClaim(), { decision: 'approve' }, county, true, now);
    expect(first).toMatchObject({ status: 'pending' });
    const half = aClaim({ approvals: [{ by: 'p1', at: now }] });
    expect(() => decideClaim(half, { decision: 'approve' }, county, true, now)).toThrow('ILLEGAL_MOVE');
    expect(decideClaim(half, { decision: 'approve' }, staff('intake', [], 'p2'), true, now)).toMatchObject({ status: 'bound' });
  });
  it.each(['bound', 'refused'] as const)('a claim that is %s is not decided again', (status) => {
    for (const decision of ['approve', 'refuse'] as const) {
      expect(() => decideClaim(aClaim({ status }), { decision, reason: '理由' }, county, false, now)).toThrow('ILLEGAL_MOVE');
    }
  });
  it.each<[string, Role, string[], Partial<ClaimDoc>, boolean]>([
    ['the county of the region', 'county', ['410783'], {}, true],
    ['another county', 'county', ['410781'], {}, false],
    ['a county without regions', 'county', [], {}, false],
    ['intake, for a county', 'intake', [], {}, false],
    ['intake, as the second', 'intake', [], { approvals: [{ by: 'p9', at: now }] }, true],
    ['intake, for one from outside', 'intake', [], { region: '410700' }, true],
    ['a county, for one from outside', 'county', ['410783'], { region: '410700' }, false],
    ['a reviewer', 'reviewer', [], {}, false],
    ['an administrator', 'admin', [], {}, false],
  ])('%s', (_who, role, regions, given, may) => {
    expect(mayDecideClaim(staff(role, regions), aClaim(given))).toBe(may);
  });
});

it.each([
  ['Chang-Yuan 2026', null], ['short1A!', '至少'], ['x'.repeat(129), '最多'], ['director-2026-XX', '登录名'], ['alllowercaseletters', '三类'], ['aA1aA1aA1aA1', '重复'],
])('password %s: %s', (password, problem) => {
  expect(weakness(password, 'director') ?? '').toMatch(problem ?? /^$/);
});

it('a password fits its own hash only, and nobody fits no hash', async () => {
  const hash = await hashPassword('Chang-Yuan 2026');
  expect(hash).toMatch(/^\$argon2id\$/);
  expect(await Promise.all(['Chang-Yuan 2026', 'chang-yuan 2026'].map((one) => isPassword(hash, one)))).toEqual([true, false]);
  expect(await isPassword(undefined, 'nobody has this password')).toBe(false);
});

it('a code names its step, one early or late allowed', () => {
  const secret = newTotpSecret();
  const step = Math.floor(now.getTime() / 30_000);
  const at = (offset: number) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now.getTime() + offset * 30_000 });
  expect([-1, 0, 1].map((offset) => totpStep(secret, at(offset), now))).toEqual([step - 1, step, step + 1]);
  expect([-2, 2].map((offset) => totpStep(secret, at(offset), now))).toEqual([null, null]);
});

it.each([['13812345678', '138****5678'], ['+85291234567', '****67']])('masks %s', (phone, masked) => expect(maskPhone(phone)).toBe(masked));
