import { orgTag, personTag, SYSTEM, type Actor, type StaffRole } from '../../src/kernel/actor';
import type { Case, Entry } from '../../src/kernel/case';
import { GENESIS, seal, stateHashOf } from '../../src/kernel/chain';
import { accessOf } from '../../src/kernel/act';
import { describeFields, type FieldDescription, type FieldMap, type Form } from '../../src/kernel/fields';
import type { Move, Procedure } from '../../src/kernel/procedure';
import { residentId } from '../../scripts/client/codes';
import { aDraft } from './diagnosis';
import { aPlan } from './plan';
import { citizen, official, owner, providerStaff } from './kernel';

/** Parties that are organisations; any other party of a procedure is a person. */
export const ORGANISATIONS = ['enterprise', 'provider'] as const;
const isOrganisation = (party: string): party is (typeof ORGANISATIONS)[number] => (ORGANISATIONS as readonly string[]).includes(party);

export const orgOf = (party: string): string => `${party}-1`;
const partyTags = (party: string): string[] => [isOrganisation(party) ? orgTag(orgOf(party)) : personTag(`${party}-person`)];

// ---- Values -------------------------------------------------------------------------------------------------------

/** Structures that only their own area can make. */
const STRUCTURES: Record<string, unknown> = {
  'diagnosis-questionnaire': aDraft().answers, 'diagnosis-figures': {}, 'diagnosis-proofs': {},
};
const CANDIDATES: readonly unknown[] = [[], {}, '2026-03-02', '一段文字', 1, true];
export const FILE_ID = 'given-file-aaaaaaaaaaaaaaaa';

/** One valid value of a field, by its kind. */
export function aValue(field: FieldDescription): unknown {
  const { kind, min = 0, options = [], fields = [], widget = '', label } = field;
  switch (kind) {
    case 'text': case 'longText': return label.slice(0, field.max ?? 100).padEnd(Math.max(min, 1), '事由说明');
    case 'sensitive': return /身份证|证件/.test(label) ? residentId('410702', '19800101', 1) : /电话|手机/.test(label) ? '13900000001' : '张建国';
    case 'choice': return field.offered ? '任选一项' : options[0]!.value;
    case 'choices': return options.slice(0, Math.max(min, 1)).map(({ value }) => value);
    case 'number': case 'money': return Math.max(min, Math.min(field.max ?? 1, 1));
    case 'day': return '2026-03-02';
    case 'yesNo': case 'agreed': return true;
    case 'files': return [FILE_ID];
    case 'organisation': return orgOf('provider');
    case 'case': return 'HT20260302-000000';
    case 'list': return Array.from({ length: Math.max(min, 1) }, () => values(fields));
    case 'group': return values(fields);
    case 'structure': return STRUCTURES[widget] ?? [];
  }
}
const values = (fields: readonly FieldDescription[]): Record<string, unknown> => Object.fromEntries(fields.map((field) => [field.name, aValue(field)]));

/** Data of a case as its declaration describes it: every mandatory field, and the optional ones when `full`. */
export function dataOf(fields: FieldMap, full: boolean): Record<string, unknown> {
  return Object.fromEntries(describeFields(fields).flatMap((field) => {
    if (!field.required && !full) return [];
    const { schema } = fields[field.name]!;
    const fits = [aValue(field), ...CANDIDATES].find((value) => schema.validate(value).error === undefined);
    return fits === undefined ? [] : [[field.name, fits]];
  }));
}

/** An input that a form takes. */
export function inputFor(procedure: Procedure, move: Move): Record<string, unknown> {
  if (procedure.name === 'diagnosis' && move.name === 'save') return aDraft();
  if (procedure.name === 'plan' && move.name === 'save') return aPlan() as unknown as Record<string, unknown>;
  return inputOf(move.form);
}
export const inputOf = (form: Form<any>): Record<string, unknown> => dataOf(form.fields, true);

// ---- Cases --------------------------------------------------------------------------------------------------------

let serial = 0;
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const tail = (n: number): string => Array.from({ length: 6 }, (_, i) => CROCKFORD[Math.floor(n / 32 ** i) % 32]).join('');

interface CaseOptions {
  now: Date;
  /** Whether it has been disclosed to its parties. */
  disclosed?: boolean;
  /** Fills optional data too. */
  full?: boolean;
  /** Lines by this person for each of these moves, as if made earlier. */
  earlier?: { person: string; moves: readonly string[] };
  barred?: string[];
}

/** A whole case of a procedure in a state, with an unbroken chain, as if its moves had led there; `HANDLER` holds it where it is on a desk. */
export function aCase(procedure: Procedure, state: string, { now, disclosed = true, full = true, earlier, barred = [] }: CaseOptions): Case<any> {
  serial += 1;
  const def = procedure.states[state]!;
  const opening = Object.values(procedure.moves).find((move) => move.from.length === 0)!;
  const c: Case<any> = {
    city: 'xinxiang', no: `${procedure.prefix}20260302-${tail(serial)}`, procedure: procedure.name, rulebook: 1, state, version: 1,
    parties: Object.fromEntries(Object.keys(procedure.parties).map((party) => [party, partyTags(party)])),
    names: Object.fromEntries(Object.entries(procedure.parties).map(([party, title]) => [party, `${title}甲`])),
    region: '410702', sector: 'lifting', data: dataOf(procedure.data, full), involved: [], access: [], barred, handlers: [HANDLER.person, FORMER.person],
    disclosed: disclosed ? Object.keys(procedure.parties) : [], waitsOn: [], timeline: [], outbox: [], links: [],
    openedAt: now, updatedAt: now, openKey: `given-${serial}`,
    ...(def.desk ? { task: { desk: def.desk, seq: 1, since: now, priority: 0, assignee: HANDLER.person, claimedAt: now } } : {}),
    ...(def.end ? { closedAt: now } : {}),
  };
  c.access = accessOf(procedure, c);
  const lines = [opening.name, ...(earlier?.moves ?? [])];
  for (const [index, move] of lines.entries()) {
    const last = c.timeline.at(-1);
    const line: Omit<Entry, 'hash'> = {
      seq: index + 1, at: now, move, from: last ? state : null, to: state, by: { person: index === 0 ? 'somebody' : earlier!.person, role: 'citizen' },
      article: procedure.article, stateHash: stateHashOf(c), prev: last?.hash ?? GENESIS,
    };
    c.timeline.push(seal(line));
  }
  return c;
}

// ---- People -------------------------------------------------------------------------------------------------------

export const HANDLER = official('handler', ['reviewer']);
export const FORMER = official('former-handler', ['reviewer']);
const STAFF: readonly StaffRole[] = ['intake', 'reviewer', 'director', 'supervisor', 'auditor', 'admin', 'county', 'expert', 'agency'];

/** What a table knows of somebody, told by how they were made and not by asking the kernel. */
export interface CastMember {
  name: string;
  actor: Actor;
  /** The party whose member this is. */
  party?: string;
  viewOnly?: boolean;
  holdsTask?: boolean;
}

/** Every kind of somebody a case of this procedure can meet. */
export function castOf(procedure: Procedure): CastMember[] {
  const members = Object.keys(procedure.parties).flatMap((party): CastMember[] => {
    if (!isOrganisation(party)) return [{ name: `the ${party}`, party, actor: partyPerson(party) }];
    const make = party === 'enterprise' ? owner : providerStaff;
    return [
      { name: `${party}, all powers`, party, actor: make(`${party}-owner`, orgOf(party)) },
      { name: `${party}, view only`, party, viewOnly: true, actor: make(`${party}-viewer`, orgOf(party), ['view']) },
      { name: `another ${party}`, actor: make(`other-${party}-owner`, `${party}-2`) },
    ];
  });
  return [
    ...members,
    { name: 'the handler', actor: official(HANDLER.person, ['reviewer'], procedure.desks), holdsTask: true },
    { name: 'a former handler', actor: official(FORMER.person, ['reviewer']) },
    { name: 'another of the desk', actor: official('desk-mate', ['reviewer'], procedure.desks) },
    { name: 'the desk of the county', actor: official('county-clerk', ['county'], procedure.desks, ['410702']) },
    { name: 'the desk of another county', actor: official('far-clerk', ['county'], procedure.desks, ['410783']) },
    ...STAFF.map((role) => ({ name: `staff ${role}`, actor: official(`staff-${role}`, [role]) })),
    { name: 'a stranger', actor: citizen('stranger') },
    { name: 'the system', actor: SYSTEM },
  ];
}

const partyPerson = (party: string): Actor => (party === 'expert' || party === 'agency' ? official(`${party}-person`, [party]) : citizen(`${party}-person`));
