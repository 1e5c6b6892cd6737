import { isEmpty, localFaults, put, toInput, valueAt, type Faults, type Values } from '../../forms/model';
import type { FieldDescription } from '../../services/types';

/**
 * What of a questionnaire is saved by itself: an answer, a scenario, the figures of a question, a finding, or a whole field. Only units that
 * were changed here are sent, so that two colleagues who fill in different parts do not undo each other's work.
 */
export type Unit = string;

const MAPS = new Set(['answers', 'figures', 'proofs', 'findings']);

export function unitOf(path: string): Unit {
  const parts = path.split('.');
  const depth = !MAPS.has(parts[0] ?? '') ? 1 : parts[0] === 'answers' && parts[1] === 'scenarios' ? 3 : 2;
  return parts.slice(0, depth).join('.');
}

const NUMBER = /^-?\d{1,9}(\.\d{1,6})?$/;
/** A figure as typed: a number once it is one, the text until then, nothing when it is taken away. */
export function figureOf(text: string): number | string | undefined {
  const plain = text.trim();
  return plain === '' ? undefined : NUMBER.test(plain) ? Number(plain) : plain;
}

export interface Parcel { input: Values; sent: Unit[]; held: Faults }

/** What can be sent of the changed units, and what is kept back because it is not yet whole, with the reason at its place. */
export function parcelOf(values: Values, units: Iterable<Unit>, form: readonly FieldDescription[]): Parcel {
  const held: Faults = {};
  const sent: Unit[] = [];
  let input: Values = {};
  for (const unit of units) {
    const faults = unitFaults(values, unit, form);
    if (Object.keys(faults).length > 0) Object.assign(held, faults);
    else {
      input = put(input, unit, sendable(values, unit, form)) as Values;
      sent.push(unit);
    }
  }
  return { input, sent, held };
}

function unitFaults(values: Values, unit: Unit, form: readonly FieldDescription[]): Faults {
  const [map = '', key = ''] = unit.split('.');
  const value = valueAt(values, unit);
  if (map === 'figures') {
    return Object.fromEntries(Object.entries((value ?? {}) as Values).filter(([, figure]) => typeof figure === 'string').map(([name]) => [`${unit}.${name}`, `${name}应为数字`]));
  }
  const field = fieldAt(form, map, key);
  if (!field || isEmpty(value)) return {};
  const faults = localFaults([field], { [field.name]: value });
  return field.name === map ? faults : Object.fromEntries(Object.entries(faults).map(([path, message]) => [`${map}.${path}`, message]));
}

function sendable(values: Values, unit: Unit, form: readonly FieldDescription[]): unknown {
  const [map = '', key = ''] = unit.split('.');
  const value = valueAt(values, unit);
  const field = fieldAt(form, map, key);
  // An empty list says that there are none; of all else empty means taken back.
  if (field?.kind === 'list' || field?.kind === 'files') return toInput([field], { [field.name]: value ?? [] })[field.name];
  if (map === 'figures') {
    const figures = Object.entries((value ?? {}) as Values).filter(([, figure]) => figure !== undefined);
    return figures.length > 0 ? Object.fromEntries(figures) : null;
  }
  if (isEmpty(value)) return null;
  return field ? toInput([field], { [field.name]: value })[field.name] : value;
}

function fieldAt(form: readonly FieldDescription[], map: string, key: string): FieldDescription | undefined {
  const top = form.find(({ name }) => name === map);
  if (!top || top.kind === 'structure') return undefined;
  return key ? top.fields?.find(({ name }) => name === key) : top;
}

/** Units a refusal of the server names; they are kept back, the others sent again. */
export const unitsNamed = (faults: readonly { field: string }[]): Set<Unit> => new Set(faults.map(({ field }) => unitOf(field)));

/** The server's values with the changes of this phone on top. */
export const withChanges = (saved: Values, mine: Values, units: Iterable<Unit>): Values =>
  [...units].reduce((values, unit) => put(values, unit, valueAt(mine, unit)) as Values, saved);

/** Units still unsaved: those that were not sent, and those changed again while they were under way. */
export const stillUnsaved = (units: Iterable<Unit>, sent: Iterable<Unit>, before: Values, now: Values): Set<Unit> => {
  const gone = new Set(sent);
  return new Set([...units].filter((unit) => !gone.has(unit) || valueAt(before, unit) !== valueAt(now, unit)));
};
