const MONGO = /^(Mongo(Network|NetworkTimeout|ServerSelection|PoolCleared|PoolClosed|WaitQueueTimeout|NotConnected|ServerClosed|TopologyClosed)|PoolClearedOnNetwork|Mongoose.*ServerSelection)Error$/;

const LOST = ['EPIPE', 'ECONNRESET', 'ECONNREFUSED'];

/**
 * Whether an engine cannot be reached now (a restart, an election, a lost connection), as against a mistake of ours: the same
 * request, with the same idempotency key, will succeed in a moment.
 */
export const isStoreAway = (error: unknown): boolean =>
  error instanceof Error && (MONGO.test(error.name) || ['MaxRetriesPerRequestError', 'LateError'].includes(error.name)
    // The driver hands on a failed write to a socket as it comes.
    || LOST.includes(String((error as NodeJS.ErrnoException).code)));
