import type { Values } from '../../forms/model';
import type { Exchange, Reply } from '../../services/types';

export type Message = { text: string } | { pick: string; sealed?: Record<string, string> } | { values: Values; form: string };

/** One bubble, or what stands in its place. */
export interface Line {
  id: string;
  mine: boolean;
  text: string;
  reply: Reply | null;
  /** Said, but not arrived for all this phone knows. */
  failed: boolean;
  /** Of a summary: whether anything in it can be changed by saying so. */
  mayEdit: boolean;
  /** Somebody at the bureau, not the program, speaks. */
  human: boolean;
}

/** Said, and not answered yet. Kept in this page's memory only: it may be confidential. */
export interface Unsent { message: Message; key: string; words: string }

export const lastOf = <T>(list: readonly T[]): T | undefined => list[list.length - 1];

export const mine = (id: string, text: string, failed = false): Line => ({ id, mine: true, text, reply: null, failed, mayEdit: false, human: false });

export const answers = (id: string, replies: readonly Reply[], human = false): Line[] =>
  replies.map((reply, index) => ({ id: `${id}-${index}`, mine: false, text: reply.text, reply, failed: false, mayEdit: reply.quick?.some(({ pick }) => pick.startsWith('edit:')) ?? false, human }));

export const linesOf = ({ id, from, said, replies }: Exchange): Line[] =>
  [...(said ? [mine(`${id}-said`, said)] : []), ...answers(id, replies, from === 'agent')];
