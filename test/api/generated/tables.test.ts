import type { Case } from '../../../src/kernel/case';
import { personTag, type Actor } from '../../../src/kernel/actor';
import type { CaseCollection } from '../../../src/kernel/cases';
import { createKernel, type Kernel } from '../../../src/kernel/kernel';
import type { Policy } from '../../../src/kernel/policy';
import type { Move, Procedure } from '../../../src/kernel/procedure';
import { Refusal } from '../../../src/kernel/refusal';
import { PROCEDURES } from '../../../src/procedures';
import { aCase, castOf, HANDLER, type CastMember } from '../../support/given';
import { anEnterprise, aProvider, testKernel, type TestKernel } from '../../support/kernel';

/** Sent with every move: no form knows this field, so whoever gets as far as the form is told so, and nothing is ever made. */
const UNKNOWN = { noSuchField: 1 };
const ALLOWED = 'reaches the form';

const procedures = [...PROCEDURES.values()];
let t: TestKernel;
beforeAll(async () => {
  t = await testKernel(procedures, { organisations: [anEnterprise('enterprise-1'), anEnterprise('enterprise-2'), aProvider('provider-1'), aProvider('provider-2')] });
});
afterAll(() => t.close());

/** What the declaration says, read term by term: written apart from the kernel's own predicate and filter. */
function expected(p: Procedure, c: Case<any>, move: Move, member: CastMember): string {
  if (!sees(p, c, member)) return 'NOT_FOUND';
  if (move.from.length === 0) return 'NOT_FOUND';
  if (!move.from.includes(c.state)) return 'ILLEGAL_MOVE';
  if (!mayMake(move.by, c, member)) return 'FORBIDDEN';
  if (move.when && !move.when(c, member.actor, { now: t.now(), rulebook: t.rulebook })) return 'ILLEGAL_MOVE';
  return ALLOWED;
}

function sees(p: Procedure, c: Case<any>, { actor, viewOnly, party }: CastMember): boolean {
  if (actor.kind === 'system') return true;
  if (c.barred.includes(personTag(actor.person))) return false;
  const audience = new Set(p.readers.flatMap((reader) => reader.who(c, p.desks)));
  const badges = [
    `person:${actor.person}`, ...(actor.org ? [`org:${actor.org}`] : []), ...actor.roles.map((role) => `role:${role}`),
    ...actor.desks.flatMap((desk) => (actor.regions.length === 0 ? [`desk:${desk}`] : actor.regions.map((region) => `desk:${desk}@${region}`))),
  ];
  expect(viewOnly && !party).toBeFalsy();
  return badges.some((badge) => audience.has(badge));
}

function mayMake(policy: Policy, c: Case<any>, member: CastMember): boolean {
  const { actor } = member;
  const did = (moves: readonly string[]): boolean => c.timeline.some((line) => line.by.person === actor.person && moves.includes(line.move));
  switch (policy.who) {
    case 'party': return member.party === policy.party && (!member.viewOnly || policy.power === 'view');
    case 'opener': return false;
    case 'handler': return Boolean(member.holdsTask) && c.task !== undefined && !did(policy.notWhoDid);
    case 'role': return actor.roles.includes(policy.role) && !did(policy.notWhoDid);
    case 'system': return actor.kind === 'system';
    case 'any': return policy.of.some((one) => mayMake(one, c, member));
  }
}

/** The same kernel over one case that can only be read: the whole table at the speed of memory. Any write is a failure. */
function kernelOver(c: Case<any>): Pick<Kernel, 'act'> {
  const cases = new Proxy({}, {
    get: (_, name) => (name === 'findOne' ? async () => structuredClone(c) : () => { throw new Error(`a refused move called ${String(name)}`); }),
  }) as CaseCollection;
  return createKernel({
    city: 'xinxiang', cases, procedures: PROCEDURES, now: t.now, look: t.look, rulebook: async () => t.rulebook, attachFiles: never, seal: never, relay: never, organisationsNamed: never,
  });
}
const never = (): never => { throw new Error('a refused move left a trace'); };

async function outcome(kernel: Pick<Kernel, 'act'>, actor: Actor, no: string, move: string): Promise<string> {
  try {
    await kernel.act(actor, no, move, UNKNOWN);
    return 'made';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code === 'INVALID' && error.faults.some(({ field }) => field === 'noSuchField') ? ALLOWED : error.code;
  }
}

const tableOf = (kernel: Pick<Kernel, 'act'>, p: Procedure, c: Case<any>, cast: CastMember[], moves: Move[], variant: string) =>
  Promise.all(cast.flatMap((member) => moves.map(async (move) => ({
    row: `${c.state}${variant} · ${move.name} · ${member.name}`, got: await outcome(kernel, member.actor, c.no, move.name), want: expected(p, c, move, member),
  }))));

/** The case as each kind of history can have left it: not yet disclosed, with little data, handled before by the same person, its handler recused. */
function variants(p: Procedure, state: string): [string, Case<any>][] {
  const now = t.now();
  const apart = [...new Set(Object.values(p.moves).flatMap((move) => separated(move.by)))];
  return [
    ['', aCase(p, state, { now })],
    [' with little data', aCase(p, state, { now, full: false })],
    [' undisclosed', aCase(p, state, { now, disclosed: false })],
    ...(apart.length > 0 ? [[' after the same person\'s earlier moves', aCase(p, state, { now, earlier: { person: HANDLER.person, moves: apart } })] as [string, Case<any>]] : []),
    [' with its handler recused', aCase(p, state, { now, barred: [personTag(HANDLER.person)] })],
  ];
}
const separated = (policy: Policy): readonly string[] => (policy.who === 'any' ? policy.of.flatMap(separated) : 'notWhoDid' in policy ? policy.notWhoDid : []);

describe.each(procedures.map((p) => [p.name, p] as const))('%s: state × move × actor', (_name, p) => {
  it.each(Object.keys(p.states))('%s', async (state) => {
    const cast = castOf(p);
    const moves = Object.values(p.moves);
    let allowed = 0;
    for (const [variant, c] of variants(p, state)) {
      const table = await tableOf(kernelOver(c), p, c, cast, moves, variant);
      expect(table.filter(({ got, want }) => got !== want)).toEqual([]);
      allowed += table.filter(({ want }) => want === ALLOWED).length;
    }
    expect(allowed > 0 || Boolean(p.states[state]!.end)).toBe(true);
  });

  it.each(Object.keys(p.states))('%s on the engine: the moves of the state, the buttons shown, and nothing written', async (state) => {
    const c = aCase(p, state, { now: t.now() });
    await t.cases.insertOne(structuredClone(c));
    const cast = castOf(p);
    const ofState = Object.values(p.moves).filter((move) => move.from.includes(state));
    const table = await tableOf(t.kernel, p, c, cast, ofState, '');
    expect(table.filter(({ got, want }) => got !== want)).toEqual([]);
    for (const member of cast.filter(({ actor }) => actor.kind !== 'system')) {
      const view = await t.kernel.read(member.actor, c.no).catch((error: unknown) => { if (error instanceof Refusal) return null; throw error; });
      const buttons = sees(p, c, member) ? ofState.filter((move) => expected(p, c, move, member) === ALLOWED).map(({ name }) => name) : null;
      expect([member.name, view?.moves.map(({ move }) => move) ?? null]).toEqual([member.name, buttons]);
    }
    const { _id, ...after } = (await t.cases.findOne({ no: c.no }))!;
    expect(after).toEqual(c);
  });

  it('opening moves: only for those named, and nobody else opens anything', async () => {
    const openings = Object.values(p.moves).filter((move) => move.from.length === 0);
    const before = await t.cases.countDocuments({});
    for (const move of openings) {
      for (const { name, actor, viewOnly } of castOf(p)) {
        const may = terms(move.by).some((term) => (term.who === 'opener' && actor.roles.includes(term.role) && (!viewOnly || !term.power || term.power === 'view'))
          || (term.who === 'role' && actor.roles.includes(term.role)) || (term.who === 'system' && actor.kind === 'system')) && (move.mayBegin?.(actor) ?? true);
        const got = await t.kernel.open(actor, p.name, move.name, UNKNOWN).then(() => 'opened', (error: Refusal) => (error.faults?.some(({ field }) => field === 'noSuchField') ? ALLOWED : error.code));
        expect([move.name, name, got]).toEqual([move.name, name, may ? ALLOWED : 'FORBIDDEN']);
      }
    }
    expect(await t.cases.countDocuments({})).toBe(before);
  });
});

const terms = (policy: Policy): Exclude<Policy, { who: 'any' }>[] => (policy.who === 'any' ? policy.of.flatMap(terms) : [policy]);
