import { createNotices } from '../../../src/notify/notices';
import { contract } from '../../../src/procedures/contract/procedure';

const now = new Date('2026-11-29T02:00:00Z');
const people: Record<string, { person: string }[]> = { 'org:e': [{ person: 'owner' }], 'org:p': [{ person: 'drafter' }, { person: 'colleague' }] };
const notices = createNotices({ recipientsOf: async (tag) => people[tag] ?? [], rulebook: async () => { throw new Error('not asked'); }, now: () => now });

const line = (seq: number, move: string, from: string | null, to: string, person: string, org: string) => ({ seq, at: now, move, from, to, by: { person, role: 'provider', org }, article: '11' });
const signing = (timeline: unknown[], waitsOn: string[]) => ({
  no: 'HT20261129-000000', state: 'signing', parties: { enterprise: ['org:e'], provider: ['org:p'] }, access: ['org:e', 'org:p'], barred: [], waitsOn, timeline,
  clock: { startedAt: now, due: new Date('2026-12-11T15:59:59Z'), deadline: 'contract.sign', article: '11' },
}) as never;
const drafted = line(1, 'open', null, 'signing', 'drafter', 'p');

describe('11: who is asked to sign', () => {
  it('both sides, but not the one who has just drafted the text', async () => {
    expect((await notices.tasksOf(contract, signing([drafted], ['org:e', 'org:p']))).map(({ to }) => to.person)).toEqual(['owner', 'colleague']);
  });

  it('also the drafter, once the other side has signed and theirs alone is wanting', async () => {
    const signed = line(2, 'sign', 'signing', 'signing', 'owner', 'e');
    expect((await notices.tasksOf(contract, signing([drafted, signed], ['org:p']))).map(({ to }) => to.person)).toEqual(['drafter', 'colleague']);
  });
});
