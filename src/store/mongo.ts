import mongoose, { type Connection } from 'mongoose';

export interface MongoOptions {
  /** Told about errors of an open connection: the server was lost, or came back. */
  log?: { warn(data: object, message: string): void; info(data: object, message: string): void };
  /** Connections at most. Default 50. */
  poolSize?: number;
  /** How long an operation waits for a server before it fails. Default 10 s, which outlasts an election. */
  serverSelectionTimeoutMs?: number;
  /** Lets listeners of the client's `commandStarted` see each command: for proofs, not for production. */
  monitorCommands?: boolean;
}

/**
 * Connects to a replica set, a sharded cluster or the embedded engine, all with the same settings: every write waits for the
 * journal of the majority (of one, on a single server), so what a person was told is kept is kept. An address that
 * names its own concern (`w=`) keeps it.
 * No sessions, no transactions: see README, Decisions.
 * @param uri without a database path; an embedded engine's address is a socket and takes none
 */
export async function connectMongo(uri: string, dbName: string, options: MongoOptions = {}): Promise<Connection> {
  const { log, poolSize = 50, serverSelectionTimeoutMs = 10_000, monitorCommands = false } = options;
  const connection = mongoose.createConnection(uri, {
    dbName,
    maxPoolSize: poolSize,
    monitorCommands,
    serverSelectionTimeoutMS: serverSelectionTimeoutMs,
    ...(/[?&]w=/.test(uri) ? {} : { writeConcern: { w: 'majority', journal: true } }),
    readConcernLevel: 'local',
    // The driver retries where there is a replica set, and turns this off by itself on a single server.
    retryWrites: true,
  });
  connection.on('error', (error: Error) => log?.warn({ error: error.message }, 'mongo: connection error'));
  connection.on('disconnected', () => log?.warn({}, 'mongo: disconnected'));
  connection.on('reconnected', () => log?.info({}, 'mongo: connected again'));
  await connection.asPromise();
  return connection;
}
