import { SYSTEM } from '../kernel/actor';
import type { Act } from '../kernel/act';
import { Refusal } from '../kernel/refusal';
import type { Logger } from '../log';
import type { OpeningLine, Step } from './openings';
import type { Vault } from './vault';

const MOVES: Record<Step, string> = { requested: 'identityRequested', approved: 'identityApproved', opened: 'identityOpened', erased: 'identityErased' };

/** Steps older than this are in their case's timeline, or their case never came to be. */
const CAUGHT_UP_AFTER_MS = 2 * 24 * 3_600_000;

export interface RecordDeps {
  vault: Pick<Vault, 'linesOf' | 'linesSince'>;
  act: Pick<Act, 'act'>;
  clock: () => Date;
  log: Logger;
}

/**
 * Writes the vault's steps into the case's own chain, which tells the reporter. Keyed by the line's number in the vault's log:
 * each line once, however often it is tried.
 */
export function openingRecord({ vault, act, clock, log }: RecordDeps) {
  const write = async ({ caseNo, seq, step }: OpeningLine): Promise<void> => {
    await act.act(SYSTEM, caseNo, MOVES[step], {}, { key: `opening:${seq}` });
  };

  return {
    /** All steps of one opening. @throws when a line cannot be written; then nothing may be shown either */
    async ofOpening(openingId: string): Promise<void> {
      for (const line of await vault.linesOf(openingId)) await write(line);
    },
    /** What a crash between the two logs left out. */
    async sweep(): Promise<void> {
      for (const line of await vault.linesSince(new Date(clock().getTime() - CAUGHT_UP_AFTER_MS))) {
        try {
          await write(line);
        } catch (error) {
          // The identity of a report that never came to be was erased: there is no case to tell.
          if (!(line.step === 'erased' && error instanceof Refusal && error.code === 'NOT_FOUND')) log.error({ err: error, no: line.caseNo, seq: line.seq }, 'vault: a step is missing in its case');
        }
      }
    },
  };
}

export type OpeningRecord = ReturnType<typeof openingRecord>;
