import type { Actor } from '../kernel/actor';
import { Refusal } from '../kernel/refusal';
import { contextOf, type KeyRing } from '../vault/crypto';
import type { PersonDoc, StaffEntry } from './documents';
import { isDuplicate, newId, type RegisterModels } from './models';
import type { People } from './people';
import type { Sessions } from './sessions';
import { newSecret, sha256 } from './tokens';

const ENROLMENT_HOURS = 72;

/** What an administrator says about a colleague. */
export type StaffInput = Pick<StaffEntry, 'roles' | 'desks' | 'regions' | 'skills' | 'capacity' | 'conflicts'> & { login: string; name: string };
export type StaffChange = Partial<Omit<StaffInput, 'login'> & Pick<StaffEntry, 'onDuty' | 'absences' | 'active'>>;
/** What staff say about themselves. A declared relation can be added by oneself, but taken back only by an administrator. */
export type OwnChange = Partial<Pick<StaffEntry, 'onDuty' | 'absences' | 'conflicts'>>;

/** Told once; the register keeps only a digest. */
export interface EnrolmentCode { id: string; login: string; code: string; expiresAt: Date }

export interface StaffDeps {
  models: RegisterModels;
  keys: KeyRing;
  city: string;
  clock: () => Date;
  people: People;
  sessions: Sessions;
}

export type Staff = ReturnType<typeof staffService>;

export function staffService({ models, keys, city, clock, people, sessions }: StaffDeps) {
  const find = async (id: string): Promise<PersonDoc & { staff: StaffEntry }> => {
    const person = await people.get(id);
    if (!person?.staff) throw new Refusal('NOT_FOUND');
    return person as PersonDoc & { staff: StaffEntry };
  };

  const newCode = () => ({ code: newSecret(15), expiresAt: new Date(clock().getTime() + ENROLMENT_HOURS * 3600 * 1000) });

  async function enter({ login, name, ...entry }: StaffInput): Promise<EnrolmentCode> {
    const id = newId();
    const { code, expiresAt } = newCode();
    try {
      await models.people.create({
        _id: id, city, active: true, createdAt: clock(), name: keys.encrypt(name, contextOf('people', 'name', id)),
        staff: { ...entry, login, onDuty: true, absences: [], active: true, enrolment: { hash: sha256(code), expiresAt } },
      });
    } catch (error) {
      if (isDuplicate(error)) throw new Refusal('CONFLICT', { detail: '该登录名已被使用' });
      throw error;
    }
    return { id, login, code, expiresAt };
  }

  /** Enters a colleague. There is no default password: the code sets one up, once, within three days. */
  async function create(actor: Actor, input: StaffInput): Promise<EnrolmentCode> {
    mustBeAdmin(actor);
    checkRoles(input);
    return enter(input);
  }

  const otherAdmins = (id?: string): Promise<number> => models.people.countDocuments({
    city, 'staff.login': { $exists: true }, 'staff.roles': 'admin', 'staff.active': true, ...(id ? { _id: { $ne: id } } : {}),
  });

  /** The first administrator, or with `force` one more when all others are out of reach. Only for the command line. */
  async function firstAdmin(login: string, { force = false } = {}): Promise<EnrolmentCode> {
    if (!force && await otherAdmins() > 0) throw new Refusal('CONFLICT', { detail: '已有管理员' });
    return enter({ login, name: '管理员', roles: ['admin'], desks: [], regions: [], skills: { procedures: [], sectors: [] }, capacity: 0, conflicts: [] });
  }

  /** Changes roles, desks, duty, absences or ends the account; effective with the person's next request. */
  async function update(actor: Actor, id: string, change: StaffChange) {
    mustBeAdmin(actor);
    const { staff } = await find(id);
    // Nobody widens their own rights or locks themselves out.
    if (id === actor.person && (change.roles || change.desks || change.regions || change.active !== undefined)) {
      throw new Refusal('FORBIDDEN', { detail: '不能更改本人的角色、队列、区域或停用本人账号' });
    }
    const next = { ...staff, ...change };
    checkRoles(next);
    const losesAdmin = staff.active && staff.roles.includes('admin') && !(next.active && next.roles.includes('admin'));
    if (losesAdmin && await otherAdmins(id) === 0) throw new Refusal('CONFLICT', { detail: '至少保留一名管理员' });
    const { name, ...fields } = change;
    const set: Record<string, unknown> = Object.fromEntries(Object.entries(fields).map(([field, value]) => [`staff.${field}`, value]));
    if (name) set['name'] = keys.encrypt(name, contextOf('people', 'name', id));
    const updated = await models.people.findOneAndUpdate({ _id: id, city }, { $set: set }, { returnDocument: 'after' }).lean<PersonDoc>();
    if (change.active === false) await sessions.endAll(id);
    else sessions.forgetPerson(id);
    return view(updated!);
  }

  async function updateOwn(actor: Actor, { conflicts = [], ...change }: OwnChange) {
    if (actor.kind !== 'staff') throw new Refusal('FORBIDDEN');
    const set = Object.fromEntries(Object.entries(change).map(([field, value]) => [`staff.${field}`, value]));
    const updated = await models.people.findOneAndUpdate(
      { _id: actor.person, city, 'staff.active': true },
      { $set: set, $addToSet: { 'staff.conflicts': { $each: conflicts } } },
      { returnDocument: 'after' },
    ).lean<PersonDoc>();
    if (!updated) throw new Refusal('NOT_FOUND');
    return view(updated);
  }

  /** A colleague lost phone or password: both end, with all sessions, and a new code sets them up. */
  async function reset(actor: Actor, id: string): Promise<EnrolmentCode> {
    mustBeAdmin(actor);
    if (id === actor.person) throw new Refusal('FORBIDDEN', { detail: '请由另一名管理员重置' });
    const { staff } = await find(id);
    const { code, expiresAt } = newCode();
    await models.people.updateOne({ _id: id, city }, {
      $set: { 'staff.enrolment': { hash: sha256(code), expiresAt } },
      $unset: { 'staff.passwordHash': 1, 'staff.totpSecret': 1 },
    });
    await sessions.endAll(id);
    return { id, login: staff.login, code, expiresAt };
  }

  async function list(actor: Actor) {
    if (actor.kind !== 'staff' || !actor.roles.some((role) => ['admin', 'supervisor', 'auditor'].includes(role))) throw new Refusal('FORBIDDEN');
    const all = await models.people.find({ city, 'staff.login': { $exists: true } }).sort({ 'staff.login': 1 }).lean<PersonDoc[]>();
    return all.map(view);
  }

  /** Names of colleagues, also of those who have left, by id. Who may be told them is for the caller to know. */
  async function namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0) return new Map();
    const found = await models.people.find({ _id: { $in: wanted }, city }).lean<PersonDoc[]>();
    return new Map(found.filter(({ staff }) => staff).map((person) => [person._id, people.nameOf(person) ?? '']));
  }

  function view(person: PersonDoc) {
    const { login, roles, desks, regions, skills, capacity, onDuty, absences, conflicts, active, passwordHash } = person.staff!;
    return {
      id: person._id, login, name: people.nameOf(person) ?? '', roles, desks, regions, skills, capacity, onDuty, absences, conflicts, active,
      enrolled: passwordHash !== undefined,
    };
  }

  return { create, firstAdmin, update, updateOwn, reset, list, namesOf, view };
}

function mustBeAdmin(actor: Actor): void {
  if (actor.kind !== 'staff' || !actor.roles.includes('admin')) throw new Refusal('FORBIDDEN');
}

function checkRoles({ roles, regions }: Pick<StaffEntry, 'roles' | 'regions'>): void {
  const faults = [];
  if (roles.includes('county') && regions.length === 0) faults.push({ field: 'regions', message: '县（市、区）人员须指定所在区域' });
  // An auditor who also acts would audit themselves.
  if (roles.includes('auditor') && roles.length > 1) faults.push({ field: 'roles', message: '审计员不得兼任其他角色' });
  // Roles of the whole city and of one county cannot be told apart within one session.
  if (roles.includes('county') && roles.length > 1) faults.push({ field: 'roles', message: '县（市、区）人员不得兼任市级角色' });
  if (faults.length > 0) throw new Refusal('INVALID', { faults });
}
