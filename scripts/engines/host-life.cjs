'use strict';
/**
 * The life of an engine host: it tells its parent when it serves, closes in order when told to, and never outlives the parent.
 * Plain JavaScript, because a host runs before and without any compiling, from the sources as well as from dist.
 */

/** Runs `open()` (resolves to `{ ready, close }`), sends `ready` to the parent and waits for the end. */
function live(open) {
  let closing;
  const parent = process.ppid;
  const opened = open();

  const finish = () => {
    closing ??= opened
      .then(({ close }) => close())
      .then(() => process.exit(0), (error) => fail(error));
    return closing;
  };

  process.on('message', (message) => { if (message === 'stop') finish(); });
  process.on('disconnect', finish);
  process.on('SIGTERM', finish);
  // Ctrl-C goes to the whole terminal group; the parent still needs its engines while it drains.
  process.on('SIGINT', () => {});
  setInterval(() => { if (process.ppid !== parent) finish(); }, 1000).unref();

  opened.then(({ ready }) => process.connected && process.send({ ready }), fail);
}

/** Reports why the host cannot go on, then ends. A host that limps is worse than one that is gone. */
function fail(error) {
  const failed = { message: error.message, code: error.code };
  console.error(error.stack ?? error);
  if (!process.connected) process.exit(1);
  process.send({ failed }, () => process.exit(1));
}

module.exports = { live, fail };
