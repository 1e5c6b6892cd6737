import type { Connection } from 'mongoose';
import { makeActor, type Actor, type Power } from '../kernel/actor';
import { normalise } from './text';

/** An organisation a person may act for. */
export interface Membership { id: string; name: string; kind: 'enterprise' | 'provider'; powers: readonly Power[] }

interface Choice { _id: string; city: string; party?: string; asking: boolean; offered: string[]; at: Date }
const KEEP_DAYS = 180;
const SWITCH = /^(?:我?(?:要|想)?)?(?:切换|更换|换)(?:一下)?(?:身份|单位|企业|公司)$/u;

/** For whom somebody speaks in the customer-service chat: their one organisation, or the one they chose. Rights are read anew each time. */
export function createParties({ connection, city, now, membershipsOf }: {
  connection: Connection; city: string; now: () => Date; membershipsOf(person: string): Promise<Membership[]>;
}) {
  const choices = connection.collection<Choice>('chatParties');

  const actorFor = (person: string, membership?: Membership): Actor => makeActor({
    person, kind: 'wechat', roles: [membership?.kind ?? 'citizen'], ...(membership ? { org: membership.id } : {}),
    powers: membership?.powers ?? [], desks: [], regions: [], session: `wechat-${person}`,
  });

  const remember = (person: string, choice: Pick<Choice, 'asking' | 'offered'> & { party?: string }): Promise<unknown> =>
    choices.updateOne({ _id: `${city}:${person}` }, { $set: { city, at: now(), ...choice } }, { upsert: true });

  return {
    prepare: () => choices.createIndex({ at: 1 }, { expireAfterSeconds: KEEP_DAYS * 86_400 }),

    /** The actor behind a message, or what to say because it is not clear yet, or because the message was about just that. */
    async resolve(person: string, text: string): Promise<{ actor: Actor } | { say: string }> {
      const memberships = await membershipsOf(person);
      if (memberships.length === 0) return { actor: actorFor(person) };
      const plain = normalise(text);
      const choice = await choices.findOne({ _id: `${city}:${person}` });
      if (choice?.asking) {
        const number = /^\d{1,2}$/.test(plain) ? choice.offered[Number(plain) - 1] : undefined;
        const named = memberships.filter(({ name }) => plain.length >= 2 && normalise(name).includes(plain)).map(({ id }) => id);
        const party = number ?? (/^(?:个人|自己|公众|本人)$/u.test(plain) ? 'self' : named.length === 1 ? named[0] : undefined);
        const chosen = memberships.find(({ id }) => id === party);
        if (party === 'self' || chosen) {
          await remember(person, { party, asking: false, offered: [] });
          return { say: `好的，您现在以“${chosen?.name ?? '个人'}”的身份办理。请说要办什么。要换身份请说“切换身份”。` };
        }
      }
      const known = choice?.party === 'self' ? 'self' : memberships.find(({ id }) => id === choice?.party)?.id;
      const current = known ?? (memberships.length === 1 ? memberships[0]!.id : undefined);
      if (current && !SWITCH.test(plain)) return { actor: actorFor(person, memberships.find(({ id }) => id === current)) };
      const offered = [...memberships.map(({ id }) => id), 'self'];
      await remember(person, { asking: true, offered });
      const lines = [...memberships.map(({ name }) => name), '个人（公众）'].map((name, i) => `${i + 1}. ${name}`);
      return { say: `您代表哪一方办理？请回复数字：\n${lines.join('\n')}` };
    },
  };
}
