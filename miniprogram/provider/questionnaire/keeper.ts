import type { Faults, Values } from '../../forms/model';
import { Problem } from '../../services/client';
import type { FieldDescription } from '../../services/types';
import { changed, type Change } from './answering';
import { parcelOf, stillUnsaved, unitOf, unitsNamed, withChanges, type Unit } from './saving';

/** `held`: something is not whole yet and stays on the phone. `closed`: the case has gone on, nothing can be saved any more. */
export type Saving = 'saved' | 'unsaved' | 'saving' | 'offline' | 'held' | 'closed';

export interface Kept { units: Unit[]; values: Values }

export interface KeeperDeps {
  form: readonly FieldDescription[];
  /** Saves on the server. */
  send(input: Values): Promise<unknown>;
  /** Keeps on the phone what the server does not have; null when it has all. */
  keep(kept: Kept | null): void;
  show(state: Saving, problem: string): void;
}

/** What the server said no to, and will say again; anything else may be tried again. */
const FINAL = new Set(['ILLEGAL_MOVE', 'NOT_FOUND', 'FORBIDDEN']);

/** The sheet being filled in: what stands on it, what of it the server lacks, and the way there. */
export class Keeper {
  /** Faults of what could not be saved, by path. */
  faults: Faults = {};
  private units: Set<Unit>;
  private under: Promise<void> | null = null;

  constructor(private readonly deps: KeeperDeps, public values: Values, kept: Kept | null = null) {
    this.units = new Set(kept?.units ?? []);
    if (kept) this.values = withChanges(values, kept.values, kept.units);
  }

  get isWhole(): boolean { return this.units.size === 0; }
  get unsaved(): Kept { return { units: [...this.units], values: this.values }; }

  change(changes: readonly Change[]): void {
    this.values = changed(this.values, changes);
    for (const { path } of changes) {
      const unit = unitOf(path);
      this.units.add(unit);
      this.faults = Object.fromEntries(Object.entries(this.faults).filter(([at]) => unitOf(at) !== unit));
    }
    this.deps.show('unsaved', '');
  }

  /** To the phone's own memory, at once. */
  keep(): void {
    this.deps.keep(this.isWhole ? null : this.unsaved);
  }

  /** Sends what can be sent. Two at a time are one: the second waits, then sends what came meanwhile. */
  async save(): Promise<void> {
    if (this.under) await this.under;
    if (this.isWhole) return;
    this.under = this.saveNow().finally(() => { this.under = null; });
    await this.under;
  }

  private async saveNow(): Promise<void> {
    this.keep();
    const before = this.values;
    let wanted = [...this.units];
    let refused: Faults = {};
    for (;;) {
      const { input, sent, held } = parcelOf(before, wanted, this.deps.form);
      this.faults = { ...held, ...refused };
      if (sent.length === 0) break;
      this.deps.show('saving', '');
      try {
        await this.deps.send(input);
        this.units = stillUnsaved(this.units, sent, before, this.values);
        break;
      } catch (error) {
        const problem = error instanceof Problem ? error : null;
        const named = unitsNamed(problem?.faults ?? []);
        const left = wanted.filter((unit) => !named.has(unit));
        if (left.length === wanted.length) {
          this.deps.show(problem && FINAL.has(problem.code) ? 'closed' : 'offline', problem?.detail ?? '');
          return;
        }
        refused = { ...refused, ...Object.fromEntries((problem?.faults ?? []).map(({ field, message }) => [field, message])) };
        wanted = left;
      }
    }
    this.keep();
    const waits = Object.keys(this.faults).length;
    this.deps.show(waits > 0 ? 'held' : this.isWhole ? 'saved' : 'unsaved', '');
  }
}
