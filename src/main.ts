import http from 'node:http';
import { buildApp } from './app';
import { learn } from './chat/intents';
import { readConfig } from './config';
import { createLog } from './log';
import { createServices, openStores } from './services';
import { connectRedis } from './store/redis';
import { startWorker } from './worker';

/** How long open requests and jobs may take to finish after SIGTERM. */
const GRACE_MS = 15_000;

/** One process of the product: reads its configuration, starts the roles asked for, stops them in order. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const stores = await openStores(config, log);
  const services = await createServices(config, stores, log);
  const closing: (() => Promise<unknown>)[] = [];

  if (config.roles.includes('worker')) {
    const worker = await startWorker(services);
    closing.push(() => worker.close());
  }
  if (config.roles.includes('web')) {
    const subscriber = connectRedis(config.redisUrl, { role: 'subscriber', log });
    const app = await buildApp(services, subscriber);
    // Before somebody's first message; a worker, which reads one only when a web process failed to, learns when it does.
    setImmediate(learn);
    const server = http.createServer({ requestTimeout: 60_000, headersTimeout: 15_000, maxHeaderSize: 16 * 1024, keepAliveTimeout: 20_000 }, app.callback());
    await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(config.port, resolve); });
    closing.unshift(async () => {
      server.closeIdleConnections();
      await new Promise((resolve) => { server.close(resolve); setTimeout(() => server.closeAllConnections(), GRACE_MS / 2).unref(); });
      await services.relay.settle();
      subscriber.disconnect();
    });
  }
  log.info({ roles: config.roles, port: config.port }, 'started');

  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, 'stopping');
      setTimeout(() => process.exit(1), GRACE_MS).unref();
      void (async () => {
        for (const close of closing) await close();
        await stores.close();
        process.exit(0);
      })();
    });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
