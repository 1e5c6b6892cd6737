import { randomBytes, randomInt } from 'node:crypto';
import type { Connection } from 'mongoose';
import { invalid, Refusal } from '../kernel/refusal';
import { contextOf, keyRing, sameSecret, type KeyRing } from './crypto';
import { isDuplicate, openingLog, type OpeningLine } from './openings';

/** An approved opening can be used for this long, by the person who asked. */
export const OPEN_FOR_MS = 15 * 60_000;
/** A request nobody approved lapses. */
export const APPROVE_WITHIN_MS = 24 * 60 * 60_000;
/** An identity is sealed before its case is stored; one whose case never came is erased after this. */
export const ORPHAN_AFTER_MS = 24 * 60 * 60_000;
/** Characters of a reason, so that „工作需要" alone does not do. */
const REASON_LENGTH = { min: 8, max: 300 } as const;

/** A reporter's true identity (第十八条: reports are made in one's true name). */
export interface Identity {
  name: string;
  idNumber: string;
  phone: string;
}

interface StoredIdentity {
  id: string;
  city: string;
  caseNo: string;
  pseudonym: string;
  /** Sealed under the identity's own data key; gone once erased. */
  sealed?: Record<keyof Identity, string>;
  /** Blind indexes: serial reports by one ID number, and one person's own openings. */
  idIndex?: string;
  personIndex?: string;
  createdAt: Date;
  erasedAt?: Date;
}

/** Data keys lie apart from what they open, so that backups can keep one without the other. */
interface StoredKey {
  _id: string;
  wrapped: string;
}

/** What a reporter sees of one step taken on their identity. */
export type OpeningView = Pick<OpeningLine, 'at' | 'step' | 'caseNo' | 'openingId' | 'by' | 'reason'>;

/** Where an opening stands: it waits for a second person, may be used, or its time is over. */
export type OpeningState = 'waiting' | 'open' | 'lapsed';

/** One opening as a handler of the case sees it. */
export interface OpeningStatus {
  openingId: string;
  caseNo: string;
  reason: string;
  state: OpeningState;
  /** Until when it waits, or may be used; null once lapsed. */
  until: Date | null;
  requestedAt: Date;
  requestedBy: string;
  approvedAt: Date | null;
  approvedBy: string | null;
  /** How often the identity was seen under it. */
  looks: number;
}

export interface VaultDeps {
  /** Ideally with credentials of its own: no other part of the product reads these collections. */
  connection: Connection;
  keys: KeyRing;
  clock: () => Date;
  city: string;
  /** Whether a person is a named handler of a case (need to know). */
  isMember: (person: string, caseNo: string) => Promise<boolean>;
  /** Whether a colleague may agree to what a handler asks: another handler, or who stands in while there is none. */
  maySecond: (person: string, caseNo: string) => Promise<boolean>;
}

const FIELDS = ['name', 'idNumber', 'phone'] as const satisfies readonly (keyof Identity)[];
/** Without 0 O 1 I L U: a pseudonym is read out and typed. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The reporters' identities, apart from their cases. A case holds a pseudonym and an identity id; what stands behind them
 * is opened only by a handler of that case together with a second person, for a stated reason, and the reporter sees it.
 */
export function createVault({ connection, keys, clock, city, isMember, maySecond }: VaultDeps) {
  const identities = connection.collection<StoredIdentity>('identities');
  const dataKeys = connection.collection<StoredKey>('identityKeys');
  const log = openingLog(connection, city);

  /** Indexes; call once at start. */
  async function prepare(): Promise<void> {
    await identities.createIndex({ city: 1, caseNo: 1 }, { unique: true });
    await identities.createIndex({ city: 1, pseudonym: 1 }, { unique: true });
    await identities.createIndex({ city: 1, id: 1 }, { unique: true });
    await identities.createIndex({ city: 1, createdAt: 1 });
    await identities.createIndex({ city: 1, idIndex: 1 });
    await identities.createIndex({ city: 1, personIndex: 1 });
    await log.prepare();
  }

  /**
   * Takes an identity in. Once for each case: a repeated call answers as the first did and keeps the first identity.
   * @param person the reporter's account, kept as a blind index only
   */
  async function seal(report: Identity & { caseNo: string; person: string }): Promise<{ id: string; pseudonym: string }> {
    const { caseNo, person } = report;
    const known = await identities.findOne({ city, caseNo });
    if (known) return { id: known.id, pseudonym: known.pseudonym };

    const id = randomBytes(16).toString('base64url');
    const dataKey = randomBytes(32);
    const own = ownRing(dataKey);
    const sealed = Object.fromEntries(FIELDS.map((field) => [field, own.encrypt(report[field], contextOf('identities', field, id))]));
    // The key first: an identity without its key could not be opened by anybody.
    await dataKeys.insertOne({ _id: id, wrapped: keys.encrypt(dataKey, contextOf('identityKeys', 'wrapped', id)) });
    for (let length = 4; ; length += 1) {
      const pseudonym = `举报人-${Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
      try {
        await identities.insertOne({
          id, city, caseNo, pseudonym, createdAt: clock(),
          sealed: sealed as Record<keyof Identity, string>,
          idIndex: keys.blindIndex('identities.idNumber', report.idNumber),
          personIndex: keys.blindIndex('identities.person', person),
        });
        return { id, pseudonym };
      } catch (error) {
        if (isDuplicate(error, 'pseudonym')) continue;
        await dataKeys.deleteOne({ _id: id });
        // The same report sealed twice at the same moment: the other call won.
        const winner = isDuplicate(error, 'caseNo') ? await identities.findOne({ city, caseNo }) : null;
        if (winner) return { id: winner.id, pseudonym: winner.pseudonym };
        throw error;
      }
    }
  }

  /** Whether a case was reported under this ID number; nothing is opened for it. */
  async function matches(caseNo: string, idNumber: string): Promise<boolean> {
    const found = await identities.findOne({ city, caseNo });
    return found?.idIndex !== undefined && sameSecret(found.idIndex, keys.blindIndex('identities.idNumber', idNumber));
  }

  /** How many reports were made under this ID number. A count and nothing else: which ones stays hidden. */
  const earlierBy = (idNumber: string): Promise<number> =>
    identities.countDocuments({ city, idIndex: keys.blindIndex('identities.idNumber', idNumber) });

  /** The same for a handler, who does not know the number: other reports by whoever reported this case. */
  async function othersBySameReporter(caseNo: string): Promise<number> {
    const found = await identities.findOne({ city, caseNo });
    if (!found?.idIndex) return 0;
    return identities.countDocuments({ city, idIndex: found.idIndex, caseNo: { $ne: caseNo } });
  }

  /** First step: a handler of the case says why the identity must be seen. */
  async function requestOpening(request: { id: string; caseNo: string; by: string; reason: string }): Promise<{ openingId: string }> {
    const { id, caseNo, by } = request;
    const reason = request.reason.trim();
    // One answer for "not yours" and "not there".
    if (!(await isMember(by, caseNo))) throw new Refusal('NOT_FOUND');
    const identity = await identities.findOne({ city, id });
    if (identity?.caseNo !== caseNo || !identity.sealed) throw new Refusal('NOT_FOUND');
    if (reason.length < REASON_LENGTH.min || reason.length > REASON_LENGTH.max) {
      throw invalid('reason', `请写明查看举报人身份的理由（${REASON_LENGTH.min}至${REASON_LENGTH.max}字）`);
    }
    const openingId = randomBytes(16).toString('base64url');
    await log.append({ at: clock(), step: 'requested', identityId: id, openingId, caseNo, by, reason });
    return { openingId };
  }

  /** Second step: somebody else agrees. */
  async function approveOpening({ openingId, by }: { openingId: string; by: string }): Promise<void> {
    const { requested, approved } = await stateOf(openingId, by);
    if (requested.by === by) throw new Refusal('NEEDS_SECOND_PERSON');
    const now = clock();
    if (approved || now.getTime() - requested.at.getTime() > APPROVE_WITHIN_MS) throw new Refusal('OPENING_CLOSED');
    const { identityId, caseNo } = requested;
    if (!(await log.append({ at: now, step: 'approved', identityId, openingId, caseNo, by }))) throw new Refusal('OPENING_CLOSED');
  }

  /** Third step: the one who asked sees the identity, within 15 minutes of the approval. Each look is a line of the log. */
  async function open({ openingId, by }: { openingId: string; by: string }): Promise<Identity> {
    const { requested, approved } = await stateOf(openingId, by);
    if (requested.by !== by || !(await isMember(by, requested.caseNo))) throw new Refusal('FORBIDDEN');
    const now = clock();
    if (!approved || now.getTime() - approved.at.getTime() > OPEN_FOR_MS) throw new Refusal('OPENING_CLOSED');
    const { identityId, caseNo } = requested;
    const identity = await identities.findOne({ city, id: identityId });
    const key = await dataKeys.findOne({ _id: identityId });
    if (!identity?.sealed || !key) throw new Refusal('NOT_FOUND');
    // The line before the look: if it cannot be written, nothing is shown.
    await log.append({ at: now, step: 'opened', identityId, openingId, caseNo, by });
    const own = ownRing(keys.decryptBytes(key.wrapped, contextOf('identityKeys', 'wrapped', identityId)));
    const { sealed } = identity;
    const [name, idNumber, phone] = FIELDS.map((field) => own.decrypt(sealed[field], contextOf('identities', field, identityId)));
    return { name: name!, idNumber: idNumber!, phone: phone! };
  }

  /**
   * Whether a text would give the reporter of a case away: name, ID number, phone, or a telling part of one. Opened inside
   * and answered with yes or no, so that nobody sees the identity for it (第十八条: the accused is asked in neutral words).
   */
  async function mentions(caseNo: string, text: string): Promise<boolean> {
    const identity = await identities.findOne({ city, caseNo });
    const key = identity && await dataKeys.findOne({ _id: identity.id });
    if (!identity?.sealed || !key) return false;
    const own = ownRing(keys.decryptBytes(key.wrapped, contextOf('identityKeys', 'wrapped', identity.id)));
    const [name, idNumber, phone] = FIELDS.map((field) => own.decrypt(identity.sealed![field], contextOf('identities', field, identity.id)));
    const plain = text.normalize('NFKC').replaceAll(/[\s·-]/gu, '').toUpperCase();
    return [name!.replaceAll(/[\s·]/gu, '').toUpperCase(), idNumber!.toUpperCase(), idNumber!.slice(-6), phone!, phone!.slice(-8)].some((part) => plain.includes(part));
  }

  /** Where one opening stands. @throws Refusal NOT_FOUND for anybody who neither handles its case nor may agree to it */
  async function opening(openingId: string, by: string): Promise<OpeningStatus> {
    await stateOf(openingId, by);
    return statusOf(await log.ofOpening(openingId), clock());
  }

  /** All openings of a case, newest first. @throws Refusal NOT_FOUND for anybody who is not its handler */
  async function openingsOf(caseNo: string, by: string): Promise<OpeningStatus[]> {
    if (!(await isMember(by, caseNo))) throw new Refusal('NOT_FOUND');
    const lines = await log.ofCase(caseNo);
    const requests = lines.filter(({ step }) => step === 'requested').toReversed();
    return requests.map(({ openingId }) => statusOf(lines.filter((line) => line.openingId === openingId), clock()));
  }

  /** Openings that wait for this person's agreement, oldest first. */
  async function openingsAwaiting(person: string): Promise<OpeningStatus[]> {
    const now = clock();
    // A request lapses after a day, so none that waits is older; and a day has few.
    const lines = await log.since(new Date(now.getTime() - APPROVE_WITHIN_MS));
    const settled = new Set(lines.filter(({ step }) => step === 'approved').map(({ openingId }) => openingId));
    const asked = lines.filter(({ step, by, openingId }) => step === 'requested' && by !== person && !settled.has(openingId));
    const cases = [...new Set(asked.map(({ caseNo }) => caseNo))];
    const own = new Set((await Promise.all(cases.map(async (no) => (await maySecond(person, no) ? [no] : [])))).flat());
    return asked.filter(({ caseNo }) => own.has(caseNo)).map((line) => statusOf([line], now));
  }

  /** Every step anybody took on this person's identities, oldest first: for the reporter's own eyes. */
  async function openingsFor(person: string): Promise<OpeningView[]> {
    const mine = await identities.find({ city, personIndex: keys.blindIndex('identities.person', person) }).toArray();
    const lines = await log.ofIdentities(mine.map(({ id }) => id));
    return lines.map(({ at, step, caseNo, openingId, by, reason }) => ({ at, step, caseNo, openingId, by, ...(reason && { reason }) }));
  }

  /**
   * Erases an identity for good: its data key goes first, so that even a crash right after leaves nothing that opens, and
   * every copy of the sealed fields elsewhere (backup, replica) is unreadable with it. Pseudonym, case and log remain.
   * @returns false when there was nothing (more) to erase
   */
  async function erase(caseNo: string, by = 'system'): Promise<boolean> {
    const identity = await identities.findOne({ city, caseNo });
    if (!identity || identity.erasedAt) return false;
    await dataKeys.deleteOne({ _id: identity.id });
    await log.append({ at: clock(), step: 'erased', identityId: identity.id, openingId: `erase-${identity.id}`, caseNo, by });
    await identities.updateOne(
      { city, caseNo },
      { $unset: { sealed: '', idIndex: '', personIndex: '' }, $set: { erasedAt: clock() } },
    );
    return true;
  }

  /** Erases identities of cases that never came to be; looked for among those one to three days old. @returns how many */
  async function sweep(caseExists: (caseNo: string) => Promise<boolean>): Promise<number> {
    const now = clock().getTime();
    const window = { $gte: new Date(now - 3 * ORPHAN_AFTER_MS), $lt: new Date(now - ORPHAN_AFTER_MS) };
    let erased = 0;
    for await (const { caseNo, erasedAt } of identities.find({ city, createdAt: window })) {
      if (!erasedAt && !(await caseExists(caseNo))) erased += Number(await erase(caseNo));
    }
    return erased;
  }

  /** The steps so far. A stranger to the case gets the same answer as for an opening that does not exist. */
  async function stateOf(openingId: string, by: string) {
    const lines = await log.ofOpening(openingId);
    const requested = lines.find(({ step }) => step === 'requested');
    if (!requested || !(await maySecond(by, requested.caseNo))) throw new Refusal('NOT_FOUND');
    return { requested, approved: lines.find(({ step }) => step === 'approved') };
  }

  return {
    prepare, seal, matches, mentions, earlierBy, othersBySameReporter, requestOpening, approveOpening, open, opening, openingsOf, openingsAwaiting, openingsFor, erase, sweep,
    /** The lines of one opening, and all since an instant: for the case's own timeline. */
    linesOf: log.ofOpening,
    linesSince: log.since,
    /** The head of the opening log, to be noted outside; and the check of the whole log against it. */
    logHead: log.head,
    verifyLog: log.firstBreak,
    /** The log itself, newest first, each line held against the one before: for auditors. */
    logPage: log.page,
  };
}

export type Vault = ReturnType<typeof createVault>;

/** Read off the lines of one opening, the request among them. */
function statusOf(lines: readonly OpeningLine[], now: Date): OpeningStatus {
  const requested = lines.find(({ step }) => step === 'requested')!;
  const approved = lines.find(({ step }) => step === 'approved');
  const until = new Date(approved ? approved.at.getTime() + OPEN_FOR_MS : requested.at.getTime() + APPROVE_WITHIN_MS);
  const lapsed = now > until;
  return {
    openingId: requested.openingId, caseNo: requested.caseNo, reason: requested.reason ?? '',
    state: lapsed ? 'lapsed' : approved ? 'open' : 'waiting', until: lapsed ? null : until,
    requestedAt: requested.at, requestedBy: requested.by, approvedAt: approved?.at ?? null, approvedBy: approved?.by ?? null,
    looks: lines.filter(({ step }) => step === 'opened').length,
  };
}

/** One identity's own key as a ring of one. */
const ownRing = (dataKey: Buffer): KeyRing => keyRing({ current: 'own', keys: { own: dataKey.toString('base64') } });
