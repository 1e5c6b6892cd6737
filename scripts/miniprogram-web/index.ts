import http from 'node:http';
import { runningSystem } from '../demo/city';
import { readyMiniProgram } from './ready';
import { servePhones } from './server';

/** `npm run phones`: the mini-program in a browser, on the phones of a running system's personas. PHONES_PORT (3020) is where. */
const port = Number(process.env['PHONES_PORT'] ?? 3020);

async function main(): Promise<void> {
  const began = Date.now();
  const folder = await readyMiniProgram();
  const system = runningSystem();
  const server = http.createServer((request, response) => {
    if (!servePhones(request, response, { ...system, folder })) response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(port, resolve); });
  console.log(`Mini-program ready in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
  for (const [key, { title }] of Object.entries(system.personas.phones)) console.log(`  http://localhost:${port}/phone/${key}  ${title}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
