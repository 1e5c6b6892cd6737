import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { REFUSALS } from '../../../src/kernel/refusal';
import { PROCEDURES } from '../../../src/procedures';
import { isArticleNo } from '../../../src/rulebook/articles';
import { loadRulebook } from '../../../src/rulebook/rulebook';
import { AREA_ROUTES } from '../../../src/http/areas';
import { DESKS } from '../../../src/review/desks';

const procedures = [...PROCEDURES.values()];
const rulebook = loadRulebook();
const HAN = /\p{Script=Han}/u;

describe.each(procedures.map((p) => [p.name, p] as const))('%s as declared', (name, p) => {
  const moves = Object.values(p.moves);

  it('its number and its address are its own', () => {
    expect(name).toMatch(/^[a-z][a-zA-Z]{1,29}$/);
    expect(p.prefix).toMatch(/^[A-Z]{2}$/);
    expect(procedures.filter((other) => other.prefix === p.prefix)).toHaveLength(1);
    expect(AREA_ROUTES.map(([, route]) => route.split('/')[3])).not.toContain(name);
  });

  it('a case that a form asks for is of a declared procedure, in one of its states', () => {
    const asked = moves.flatMap((move) => move.form.describe().flatMap(({ of }) => (of ? [of] : [])));
    expect(asked.filter((of) => PROCEDURES.get(of.procedure)?.states[of.state] === undefined)).toEqual([]);
  });

  it('every state is reached from an opening, and an end can be reached from every state', () => {
    const steps = moves.flatMap((move) => move.from.flatMap((from) => move.to.map((to) => [from, to] as const)));
    const reached = new Set(moves.filter((move) => move.from.length === 0).flatMap((move) => [...move.to]));
    for (let grown = -1; grown !== reached.size;) {
      grown = reached.size;
      for (const [from, to] of steps) if (reached.has(from)) reached.add(to);
    }
    expect([...reached].sort()).toEqual(Object.keys(p.states).sort());
    const ends = new Set(Object.keys(p.states).filter((state) => p.states[state]!.end));
    const closing = new Set(ends);
    for (let grown = -1; grown !== closing.size;) {
      grown = closing.size;
      for (const [from, to] of steps) if (closing.has(to)) closing.add(from);
    }
    expect([...closing].sort()).toEqual(Object.keys(p.states).sort());
    expect(ends.size).toBeGreaterThan(0);
  });

  it('whoever is stuck has a way on: each state lets somebody who is awaited make a move', () => {
    for (const [state, def] of Object.entries(p.states)) {
      if (def.end) continue;
      const from = moves.filter((move) => move.from.includes(state) && !['pause', 'resume', 'recuse'].includes(move.name));
      expect([state, from.length]).toEqual([state, expect.any(Number)]);
      expect(from.length).toBeGreaterThan(0);
    }
  });

  it('18: files keep their uploaders\' names for other readers, but in what could lead to a reporter', () => {
    const hasFiles = moves.some((move) => move.form.fileFields.length > 0);
    expect([name, p.showsFileNames ?? false]).toEqual([name, hasFiles && !['report', 'inquiry'].includes(name)]);
  });

  it('every article is one of the measures, every deadline one of the rulebook', () => {
    for (const no of [p.article, ...moves.map((move) => move.article)]) expect([no, isArticleNo(no)]).toEqual([no, true]);
    for (const def of Object.values(p.states)) if (def.within) expect(rulebook.deadline(def.within)?.value).toBeGreaterThan(0);
  });

  it('names exist: parties told and disclosed to, readers\' fields, parties and timelines, desks', () => {
    for (const move of moves) {
      for (const told of move.tells) expect(told === 'desk' || told in p.parties).toBe(true);
      for (const party of move.discloses) expect(party in p.parties).toBe(true);
      for (const state of [...move.from, ...move.to]) expect(state in p.states).toBe(true);
    }
    for (const reader of p.readers) {
      for (const field of reader.fields) expect([reader.name, field, field in p.data]).toEqual([reader.name, field, true]);
      for (const party of reader.parties) expect(party in p.parties).toBe(true);
      for (const move of reader.timeline === 'all' ? [] : reader.timeline) expect([reader.name, move, move in p.moves]).toEqual([reader.name, move, true]);
    }
    for (const desk of p.desks) expect(DESKS.has(desk)).toBe(true);
  });

  it('speaks Chinese: titles of states, moves, parties and fields', () => {
    for (const { title } of [...Object.values(p.states), ...moves]) expect(title).toMatch(HAN);
    for (const title of Object.values(p.parties)) expect(title).toMatch(HAN);
    const labels = (fields: ReturnType<(typeof moves)[number]['form']['describe']>): string[] => fields.flatMap(({ label, fields: inner }) => [label, ...labels(inner ?? [])]);
    for (const move of moves) for (const label of labels(move.form.describe())) expect([move.name, label]).toEqual([move.name, expect.stringMatching(HAN)]);
  });
});

it('every refusal has a status of its kind and a Chinese sentence, and is used somewhere', () => {
  const source = sources(path.join(__dirname, '../../../src')).map((file) => readFileSync(file, 'utf8')).join('\n');
  for (const [code, [status, sentence]] of Object.entries(REFUSALS)) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(sentence).toMatch(HAN);
    expect([code, source.includes(`'${code}'`)]).toEqual([code, true]);
  }
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.ts')).map((entry) => path.join(entry.parentPath, entry.name));
}
