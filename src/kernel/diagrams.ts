import type { Procedure } from './procedure';
import { isStandard } from './standard';
import { articleInWords } from '../rulebook/articles';

/** The procedure's states and moves as a Mermaid state diagram, drawn from the declaration so that it cannot be out of date. */
export function stateDiagram(procedure: Procedure): string {
  const lines = ['stateDiagram-v2', `  %% ${procedure.title} (${procedure.article})`];
  for (const [name, state] of Object.entries(procedure.states)) lines.push(`  state "${state.title}" as ${name}`);
  for (const move of Object.values(procedure.moves)) {
    if (isStandard(move.name)) continue;
    const label = `${move.title}（${articleInWords(move.article)}）`;
    if (move.from.length === 0) lines.push(`  [*] --> ${move.to[0]}: ${label}`);
    else for (const from of move.from) for (const to of move.stays && move.to.length === 0 ? [from] : move.to) lines.push(`  ${from} --> ${to}: ${label}`);
  }
  for (const [name, state] of Object.entries(procedure.states)) if (state.end) lines.push(`  ${name} --> [*]`);
  return lines.join('\n');
}
