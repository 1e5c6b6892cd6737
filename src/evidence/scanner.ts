import { connect } from 'node:net';

/** Looks into bytes for known malicious content. Throws when it cannot tell. */
export type Scanner = (bytes: Buffer) => Promise<'clean' | 'infected'>;

/** The harmless file every scanner must report (EICAR). Written in pieces, or scanners would take this source for it. */
const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-', 'ANTIVIRUS-TEST-FILE!$H+H*'].join('');

export const holdsTestVirus = (bytes: Buffer): boolean => bytes.includes(EICAR);

const CHUNK = 64 * 1024;

/**
 * clamd over TCP with INSTREAM (clamd manual): `zINSTREAM\0`, chunks of a 4-byte length and data, a zero length; the
 * answer is `stream: OK` or `stream: <name> FOUND`. Anything else, a limit of clamd's own included, is "cannot tell".
 */
export const clamd = ({ host, port, timeoutMs = 20_000 }: { host: string; port: number; timeoutMs?: number }): Scanner =>
  (bytes) => new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let answer = '';
    const fail = (why: string) => {
      socket.destroy();
      reject(new Error(`scanner: ${why}`));
    };
    socket.setTimeout(timeoutMs, () => fail('no answer in time'));
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'connection lost'));
    socket.on('data', (data) => { answer += data.toString('latin1'); });
    socket.on('close', () => {
      const verdict = answer.replace(/\0.*$/s, '').trim();
      if (verdict.endsWith(' FOUND')) resolve('infected');
      else if (verdict === 'stream: OK') resolve('clean');
      else reject(new Error('scanner: no verdict'));
    });
    socket.on('connect', () => {
      socket.write('zINSTREAM\0');
      for (let at = 0; at < bytes.length; at += CHUNK) {
        const chunk = bytes.subarray(at, at + CHUNK);
        const length = Buffer.alloc(4);
        length.writeUInt32BE(chunk.length);
        socket.write(length);
        socket.write(chunk);
      }
      socket.write(Buffer.alloc(4));
    });
  });
