import { orgTag, personTag, type Actor } from '../../kernel/actor';
import type { Effect } from '../../kernel/case';
import type { Values } from '../../kernel/fields';
import type { Look, OrgFacts } from '../../kernel/look';
import type { BeginCtx, Ctx, Opening, Outcome } from '../../kernel/procedure';
import type { answerForm, closeForm, data, Input, Line, openForm } from './forms';

export type Service = Values<typeof data>;

export const openFacts = async (look: Look, { actor }: { actor: Actor }): Promise<{ organisation: OrgFacts | null }> =>
  ({ organisation: actor.org ? await look.organisation(actor.org) : null });

/** A person's own matter, whatever organisation they act for: colleagues do not read what somebody asked. */
export function open({ input, actor, facts }: BeginCtx<Input<typeof openForm>, { organisation: OrgFacts | null }>): Opening<Service> {
  const { organisation } = facts;
  return {
    data: { ...input, lines: [] },
    parties: { person: [personTag(actor.person)], ...(organisation ? { organisation: [orgTag(organisation.id)] } : {}) },
    names: organisation ? { organisation: organisation.name } : {},
    ...(organisation ? { region: organisation.region } : {}),
  };
}

const added = (lines: readonly Line[], from: Line['from'], text: string, now: Date): Line[] => [...lines, { from, text, at: now.toISOString() }];

export const answer = ({ case: c, input, now }: Ctx<Service, Input<typeof answerForm>>): Outcome<Service> =>
  ({ set: { lines: added(c.data.lines, 'agent', input.text, now) } });

export const followUp = ({ case: c, input, now }: Ctx<Service, Input<typeof answerForm>>): Outcome<Service> =>
  ({ set: { lines: added(c.data.lines, 'person', input.text, now) } });

export const close = ({ case: c, input, now }: Ctx<Service, Input<typeof closeForm>>): Outcome<Service> =>
  ({ set: { subject: input.subject, ...(input.text ? { lines: added(c.data.lines, 'agent', input.text, now) } : {}) } });

/** The answer also shows in the chat of whoever asked. Ids only: the words are read from the case. */
export const delivers = (): Effect[] => [{ effect: 'deliver', kind: 'call', service: 'chat.deliver', input: {} }];
