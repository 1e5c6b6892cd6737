import { pino, type DestinationStream, type Logger } from 'pino';

/**
 * One JSON line per request and job: ids and codes. Bodies, phones and names never reach it; `redact` is the second net for
 * objects logged whole by mistake (an HTTP error's request, say).
 */
export const createLog = (level: string, to: DestinationStream = pino.destination(1)): Logger => pino({
  level,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: { paths: ['*.authorization', '*.cookie', '*.password', '*.totp', '*.phone', '*.idNumber', '*.name_', 'headers', '*.headers', '*.body', '*.text'], censor: '[…]' },
  serializers: {
    err: (error: Error & { code?: unknown }) => ({ type: error.name, code: error.code, message: error.message.slice(0, 300), stack: error.stack?.split('\n').slice(1, 8).join('\n') }),
  },
}, to);

export type { Logger };
