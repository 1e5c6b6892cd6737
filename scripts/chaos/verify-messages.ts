import { orgTag, personTag } from '../../src/kernel/actor';
import type { Case } from '../../src/kernel/case';
import { awaitedOf, enteredBy, toldOf } from '../../src/notify/audience';
import type { Delivery } from '../../src/notify/delivery';
import type { InboxItem } from '../../src/notify/inbox';
import { after, type Evidence, type Faults, type Phones } from './evidence';

/**
 * Everybody whom a move concerns has exactly one message of it in the inbox, and at most one card on the phone. Judged are people
 * outside the bureau who were a party when the move was made and still are: who is told is asked when the work is done.
 */
export async function checkMessages(evidence: Evidence, cases: readonly Case<any>[], faults: Faults) {
  const { connection, city, phones } = evidence;
  const inbox = await connection.collection<InboxItem>('inbox').find({ city }).toArray();
  const deliveries = await connection.collection<Delivery>('deliveries').find({ city }).toArray();
  const times = new Map<string, number>();
  for (const { key } of inbox) times.set(key, (times.get(key) ?? 0) + 1);
  for (const [key, count] of times) if (count > 1) faults.doubledEffects.push(`message ${key} stands ${count} times`);

  const expected = new Set(cases.flatMap((c) => expectedMessages(evidence, c)));
  for (const key of expected) if (!times.has(key)) faults.missingEffects.push(`message ${key} is missing`);
  const lengths = new Map(cases.map((c) => [c.no, c.timeline.length]));
  for (const { key, seq } of inbox) {
    const no = key.split(':')[0]!;
    if (seq > (lengths.get(no) ?? 0)) faults.unexplained.push(`message ${key}: the case has no line ${seq}`);
  }
  const cards = checkCards(inbox.filter(({ key }) => expected.has(key)), deliveries, phones, faults);
  return { messages: inbox.length, judgedMessages: expected.size, ...cards };
}

/** Keys of the messages that must be there. */
function expectedMessages({ procedures, people, snapshots }: Evidence, c: Case<any>): string[] {
  const procedure = procedures.get(c.procedure)!;
  const outsiders = people.filter(({ kind }) => kind !== 'staff');
  const behind = (tag: string) => outsiders.filter(({ id, org }) => tag === personTag(id) || (org !== undefined && tag === orgTag(org))).map(({ id }) => id);
  const isParty = (tag: string): boolean => Object.values(c.parties).some((tags) => tags.includes(tag));
  const told = c.timeline.flatMap((entry) => {
    // Only an exact reading says who the parties were.
    if (!snapshots.has(`${c.no}:${entry.seq}`)) return [];
    const then = after(c, entry, snapshots);
    const tags = toldOf(procedure, then, entry, procedure.moves[entry.move]!).filter(({ staff, tag }) => !staff && isParty(tag)).flatMap(({ tag }) => behind(tag));
    return tags.filter((person) => person !== entry.by.person).map((person) => `${c.no}:${entry.seq}:${person}`);
  });
  const entered = enteredBy(procedure, c);
  const awaited = awaitedOf(procedure, c).flatMap(({ tag }) => behind(tag)).filter((person) => person !== entered.by.person).map((person) => `${c.no}:${entered.seq}:${person}`);
  return [...told, ...awaited];
}

const isOut = ({ status, attempts }: Delivery): boolean => status === 'sent' || status === 'unknown' || (status === 'sending' && attempts > 0);

/** Per phone and template: no more cards than sends that were made or may have been, no fewer than WeChat acknowledged. */
function checkCards(judged: readonly InboxItem[], deliveries: readonly Delivery[], phones: Phones, faults: Faults) {
  const keys = new Map<string, number>();
  for (const { key } of deliveries) keys.set(key, (keys.get(key) ?? 0) + 1);
  for (const [key, count] of keys) if (count > 1) faults.doubledEffects.push(`card ${key} was claimed ${count} times`);
  for (const { key, seenAt } of judged) if (!seenAt && !keys.has(key)) faults.missingEffects.push(`message ${key}: no card was tried`);

  const wanted = new Map<string, { sure: number; most: number }>();
  for (const delivery of deliveries.filter(isOut)) {
    const of = `${delivery.openid} ${delivery.template}`;
    const { sure, most } = wanted.get(of) ?? { sure: 0, most: 0 };
    wanted.set(of, { sure: sure + (delivery.status === 'sent' ? 1 : 0), most: most + 1 });
  }
  const found = new Map<string, number>();
  for (const [openid, cards] of phones) for (const { templateId } of cards) found.set(`${openid} ${templateId}`, (found.get(`${openid} ${templateId}`) ?? 0) + 1);
  for (const of of new Set([...wanted.keys(), ...found.keys()])) {
    const { sure, most } = wanted.get(of) ?? { sure: 0, most: 0 };
    const count = found.get(of) ?? 0;
    if (count > most) faults.doubledEffects.push(`phone ${of}: ${count} cards for ${most} sends`);
    if (count < sure) faults.missingEffects.push(`phone ${of}: ${count} cards, WeChat acknowledged ${sure}`);
  }
  return { cards: [...found.values()].reduce((sum, count) => sum + count, 0), cardsUnknown: deliveries.filter(({ status }) => status === 'unknown' || status === 'sending').length };
}
