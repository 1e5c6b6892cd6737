import type { Procedure } from './procedure';
import { isStandard } from './standard';
import { articleInWords } from '../rulebook/articles';

/**
 * The procedure's states and moves as a Mermaid state diagram, drawn from the declaration so that it cannot be out of date. Moves
 * between the same two states share an arrow; moves that stay where they are stand in the table beside the drawing.
 */
export function stateDiagram(procedure: Procedure): string {
  const arrows = new Map<string, string[]>();
  const add = (from: string, to: string, label: string): void => { arrows.set(`${from} --> ${to}`, [...(arrows.get(`${from} --> ${to}`) ?? []), label]); };
  for (const move of Object.values(procedure.moves).filter(({ name }) => !isStandard(name))) {
    const label = move.article === procedure.article ? move.title : `${move.title}（${articleInWords(move.article)}）`;
    for (const to of move.to) for (const from of move.from.length === 0 ? ['[*]'] : move.from) if (from !== to) add(from, to, label);
  }
  return [
    'stateDiagram-v2', `  %% ${procedure.title} (${procedure.article})`,
    ...Object.entries(procedure.states).map(([name, state]) => `  state "${state.title}" as ${name}`),
    ...[...arrows].map(([arrow, labels]) => `  ${arrow}: ${labels.join('／')}`),
    ...Object.entries(procedure.states).filter(([, state]) => state.end).map(([name]) => `  ${name} --> [*]`),
  ].join('\n');
}
