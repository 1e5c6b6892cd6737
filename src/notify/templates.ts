import { fieldTime, fieldTypeOf, fitField, type FieldType } from '../wechat/fields';

/** What a subscribe message is about; each kind may have a template of its own in WeChat's console. */
export const KINDS = ['task', 'inquiry', 'reminder', 'progress', 'result'] as const;
export type Kind = (typeof KINDS)[number];

/** Everything that may ever stand in a subscribe message. A new slot is a decision about what a lock screen shows (A8). */
export const SLOTS = ['matter', 'no', 'state', 'time', 'advice'] as const;
export type Slot = (typeof SLOTS)[number];

export interface Template {
  /** Id of the private template in WeChat's console. */
  id: string;
  /** WeChat's key (`thing1`) to what is put there. */
  fields: Readonly<Record<string, Slot>>;
  /** Approved as a long-term template (长期订阅): one accept, many messages. */
  longTerm?: boolean;
}

/** A kind without a template of its own takes its stand-in's; without either it stays in the inbox. */
export type Templates = Partial<Record<Kind, Template>>;

const STAND_IN: Partial<Record<Kind, Kind>> = { inquiry: 'task', reminder: 'task', progress: 'result' };

export const templateFor = (templates: Templates, kind: Kind): Template | undefined => {
  const standIn = STAND_IN[kind];
  return templates[kind] ?? (standIn && templates[standIn]);
};

/** The facts of one message. `time` is the deadline of a task, else the moment it happened. */
export interface Facts {
  matter: string;
  no: string;
  state: string;
  time: Date;
  advice: string;
}

/** What stands in where a fact cannot be made to fit its type: never empty, never wrong, never WeChat's 47003. */
const STAND_IN_VALUE: Partial<Record<FieldType, string>> = {
  thing: '请进入小程序查看', character_string: '-', phrase: '请查看', name: '办件', symbol: '-', letter: 'N', number: '1',
};

/** The `data` of the message. Every value is valid for its key's type, whatever the facts are. */
export function dataFor(template: Template, facts: Facts): Record<string, string> {
  return Object.fromEntries(Object.entries(template.fields).map(([key, slot]) => [key, valueFor(fieldTypeOf(key)!, facts, slot)]));
}

function valueFor(type: FieldType, facts: Facts, slot: Slot): string {
  if (type === 'time' || type === 'date') return fieldTime(facts.time);
  const text = slot === 'time' ? fieldTime(facts.time) : facts[slot];
  return fitField(type, text) ?? STAND_IN_VALUE[type]!;
}

/** @throws Error naming the template and key: a mistake in the configuration is found at start, not by a lost message */
export function checkTemplates(templates: Templates): void {
  for (const [kind, template] of Object.entries(templates)) {
    if (!KINDS.includes(kind as Kind)) throw new Error(`templates: no kind of message is called ${kind}`);
    if (!template.id) throw new Error(`templates.${kind}: the id is missing`);
    for (const [key, slot] of Object.entries(template.fields)) {
      const type = fieldTypeOf(key);
      const isUsable = type !== undefined && (type === 'time' || type === 'date' || STAND_IN_VALUE[type] !== undefined);
      if (!isUsable) throw new Error(`templates.${kind}: ${key} is of a type these messages cannot fill`);
      if (!SLOTS.includes(slot)) throw new Error(`templates.${kind}: ${key} asks for ${slot}, which is not on the list`);
    }
  }
}
