/**
 * Prints what is drawn from the declarations: the OpenAPI description, or the state diagrams in Mermaid.
 *
 *   node dist/scripts/docs.js openapi [PUBLIC_URL] · node dist/scripts/docs.js diagrams [PROCEDURE …]
 */
import { areaPaths } from '../src/http/areas';
import { openApi } from '../src/http/openapi';
import { stateDiagram } from '../src/kernel/diagrams';
import { PROCEDURES } from '../src/procedures';

const [what, ...words] = process.argv.slice(2);
if (what === 'openapi') console.log(JSON.stringify(openApi([...PROCEDURES.values()], areaPaths(), words[0] ?? 'http://localhost:3000'), null, 2));
else if (what === 'diagrams') {
  for (const p of PROCEDURES.values()) {
    if (words.length === 0 || words.includes(p.name)) console.log(`%% ${p.title} (${p.name})\n${stateDiagram(p)}\n`);
  }
} else {
  console.error('needs openapi or diagrams');
  process.exitCode = 1;
}
