import { orgTag, personTag, roleTag, STAFF_ROLES, type Role } from '../kernel/actor';
import type { Case, Entry } from '../kernel/case';
import type { Procedure } from '../kernel/procedure';
import type { Rulebook } from '../rulebook/rulebook';
import { awaitedOf, enteredBy, holderOf, todoOf, type Recipient, type RecipientsOf, type Told } from './audience';
import type { Kind } from './templates';
import { DISCREET, INQUIRIES, invitationWords, newsWords, reminderWords, supervisorWords, taskWords, type Matter, type SupervisorCause, type Words } from './wording';

/** What one event means for one person. */
export interface Notice {
  to: Recipient & Told;
  /** The event within its case: with case and person the key under which it is told once. */
  event: string;
  kind: Kind;
  words: Words;
  task: boolean;
  /** The state that the card may name. */
  state?: string;
  /** Without a number the reader does not learn which case it is. */
  no?: string;
  seq: number;
  entry: Entry;
  discreet: boolean;
  due?: Date;
  flagAt?: Date;
  outcome?: 'flagged';
  /** The outsider (no staff, not the clock) whose doing this is; see `Card.outsider`. */
  outsider?: string;
}

/** A task without a deadline of its own goes to the supervisor when unseen for so many working days. */
const UNDATED_FLAG_WORKING_DAYS = 5;
const SUPERVISORS = roleTag('supervisor');
const isStaff = (role: Role): boolean => (STAFF_ROLES as readonly Role[]).includes(role);

const outsiderOf = ({ by }: Entry): string | undefined => (by.role === 'system' || isStaff(by.role) ? undefined : by.person);

/** Discreet towards the parties; the bureau's own people need to know what they work on. */
const matterFor = (procedure: Procedure, to: Told): Matter => ({ procedure, discreet: !to.staff && DISCREET.includes(procedure.name) });

const lineOf = (c: Case<any>, seq: number): Entry => c.timeline[seq - 1] ?? c.timeline.at(-1)!;

function taskKind(procedure: Procedure, c: Case<any>, tag: string): Kind {
  const opener = c.timeline[0]!.by;
  const isOwn = tag === personTag(opener.person) || (opener.org !== undefined && tag === orgTag(opener.org));
  return INQUIRIES.includes(procedure.name) && !isOwn ? 'inquiry' : 'task';
}

/** Somebody in two of the parties is told once, for the first of them. */
const once = (people: readonly (Recipient & Told)[]): (Recipient & Told)[] =>
  people.filter(({ person }, index) => people.findIndex((other) => other.person === person) === index);

/** Whoever brought a state about needs no telling; unless another side acted in it since, such as signed, and what is left is theirs. */
const knows = (person: string, entered: Entry['by'], latest: Entry['by']): boolean =>
  person === latest.person || (person === entered.person && latest.org === entered.org);

export interface NoticesDeps {
  recipientsOf: RecipientsOf;
  rulebook(version?: number): Promise<Rulebook>;
  now: () => Date;
}

export type Notices = ReturnType<typeof createNotices>;

/** Makes of an event who is told what. Reads, decides, writes nothing. */
export function createNotices({ recipientsOf, rulebook, now }: NoticesDeps) {
  /** The people behind the tags, each once, without those recused from the case. */
  async function peopleOf(c: Case<any>, told: readonly Told[]): Promise<(Recipient & Told)[]> {
    return once((await Promise.all(told.map((one) => behind(c, one)))).flat());
  }

  async function behind(c: Case<any>, one: Told): Promise<(Recipient & Told)[]> {
    const found = (await Promise.all(one.powers.map((power) => recipientsOf(one.tag, power)))).flat();
    return found.filter(({ person }) => !c.barred.includes(personTag(person))).map((to) => ({ ...to, ...one }));
  }

  async function flagTime(c: Case<any>): Promise<Date> {
    const at = now();
    if (!c.clock) return (await rulebook(c.rulebook)).calendar.addWorkingDays(at, UNDATED_FLAG_WORKING_DAYS).due;
    const half = (from: Date) => new Date((from.getTime() + c.clock!.due.getTime()) / 2);
    const usual = half(c.clock.startedAt);
    // Whoever is awaited only from the second half on gets half of what is left.
    return usual > at ? usual : half(at);
  }

  /**
   * Tasks of the state the case is in now. Keyed by the line that entered it: moves that stay in the state announce nothing
   * twice (A7). Parties whose people cannot be found are the supervisor's to reach.
   */
  async function tasksOf(procedure: Procedure, c: Case<any>): Promise<Notice[]> {
    const entered = enteredBy(procedure, c);
    const awaited = awaitedOf(procedure, c);
    if (awaited.length === 0) return [];
    const parties = await Promise.all(awaited.map((one) => behind(c, one)));
    const people = once(parties.flat());
    const due = c.clock?.due;
    const flagAt = await flagTime(c);
    const tasks = people.filter(({ person }) => !knows(person, entered.by, c.timeline.at(-1)!.by)).map((to): Notice => {
      const matter = matterFor(procedure, to);
      return {
        to, event: String(entered.seq), kind: taskKind(procedure, c, to.tag), task: true, due, flagAt, seq: entered.seq, entry: entered,
        words: taskWords(matter, c.state, todoOf(procedure, c, to.tag), due), discreet: matter.discreet,
        no: c.no, state: c.state, outsider: outsiderOf(entered),
      };
    });
    const unreached = parties.some((party) => party.length === 0);
    return unreached ? [...tasks, ...(await supervisorsOf(procedure, c, 'unreached', entered.seq))] : tasks;
  }

  async function newsOf(procedure: Procedure, c: Case<any>, entry: Entry, told: readonly Told[]): Promise<Notice[]> {
    const people = (await peopleOf(c, told)).filter(({ person }) => person !== entry.by.person);
    const kind: Kind = procedure.states[entry.to]!.end ? 'result' : 'progress';
    return people.map((to) => {
      const matter = matterFor(procedure, to);
      return {
        to, event: String(entry.seq), kind, task: false, words: newsWords(matter, entry), discreet: matter.discreet,
        no: c.no, state: entry.to, seq: entry.seq, entry, outsider: outsiderOf(entry),
      };
    });
  }

  async function remindersOf(procedure: Procedure, c: Case<any>, kind: 'half' | 'overdue'): Promise<Notice[]> {
    const { seq, due } = c.clock!;
    const people = await peopleOf(c, [...holderOf(c), ...awaitedOf(procedure, c)]);
    return people.map((to) => {
      const matter = matterFor(procedure, to);
      return {
        to, event: `${seq}:${kind}`, kind: 'reminder', task: true, words: reminderWords(matter, kind, c.state, due), discreet: matter.discreet,
        no: c.no, state: c.state, seq, entry: lineOf(c, seq), due,
        // Of what has run out the supervisors know already.
        ...(kind === 'half' ? { flagAt: due } : { outcome: 'flagged' as const }),
        outsider: outsiderOf(c.timeline[0]!),
      };
    });
  }

  /** A general notice, for those it concerns: of something they may do until a day, so no task of theirs. */
  async function invitationsOf(procedure: Procedure, c: Case<any>, entry: Entry, tags: readonly string[]): Promise<Notice[]> {
    const people = await peopleOf(c, tags.map((tag): Told => ({ tag, powers: ['view'], staff: false })));
    const due = c.clock?.due;
    return people.map((to) => ({
      to, event: String(entry.seq), kind: 'task', task: false, words: invitationWords(procedure, entry, due), discreet: false,
      no: c.no, state: entry.to, seq: entry.seq, entry, ...(due ? { due } : {}),
    }));
  }

  /** Once for each supervisor, case, round and cause. Who may not read the case learns only that there is a confidential one. */
  async function supervisorsOf(procedure: Procedure, c: Case<any>, cause: SupervisorCause, seq: number): Promise<Notice[]> {
    const people = await peopleOf(c, [{ tag: SUPERVISORS, powers: ['view'], staff: true }]);
    const book = await rulebook(c.rulebook);
    return people.map((to) => {
      const open = c.access.includes(SUPERVISORS) || c.access.includes(personTag(to.person));
      return {
        to, event: `${seq}:${cause}:supervisor`, kind: 'reminder', task: false, words: supervisorWords(procedure, c, cause, book, open),
        discreet: !open, ...(open ? { no: c.no, state: c.state } : {}), seq, entry: lineOf(c, seq),
      };
    });
  }

  return { tasksOf, newsOf, remindersOf, invitationsOf, supervisorsOf };
}
