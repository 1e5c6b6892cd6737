import { rm } from 'node:fs/promises';

export default async function globalTeardown(): Promise<void> {
  const { testEngines } = globalThis;
  if (!testEngines) return;
  await testEngines.engines.stop();
  await rm(testEngines.dir, { recursive: true, force: true });
}
