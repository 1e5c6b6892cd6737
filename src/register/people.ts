import { Refusal } from '../kernel/refusal';
import { maskMobile } from '../rulebook/id-checks';
import { contextOf, type KeyRing } from '../vault/crypto';
import type { Outcome } from '../wechat/outcome';
import type { PersonDoc } from './documents';
import { isDuplicate, newId, type RegisterModels } from './models';

/** What sign-in needs of WeChat (code2Session, phonenumber.getPhoneNumber). */
export interface WechatSignIn {
  code2Session(code: string): Promise<Outcome<{ openid: string; unionid?: string }>>;
  phoneNumber(code: string, openid: string): Promise<Outcome<{ phone: string; countryCode: string }>>;
}

/** Collections of the register with sealed fields, for key rotation; contexts are `collection.field.id`. */
export const SEALED_COLLECTIONS = ['people', 'invitations', 'pilotEntries'] as const;

/** The one blind index of phones, shared by people, invitations and the pilot list, so that they can be compared. */
export const phoneIndexOf = (keys: KeyRing, phone: string): string => keys.blindIndex('phone', phone);

/** 138****5678; of any other shape only the last two characters stay. */
export const maskPhone = (phone: string): string =>
  /^\d{11}$/.test(phone) ? maskMobile(phone) : `****${phone.slice(-2)}`;

export interface PeopleDeps {
  models: RegisterModels;
  keys: KeyRing;
  city: string;
  clock: () => Date;
  wechat: WechatSignIn;
}

export type People = ReturnType<typeof peopleService>;

export function peopleService({ models, keys, city, clock, wechat }: PeopleDeps) {
  const get = (id: string): Promise<PersonDoc | null> => models.people.findOne({ _id: id, city }).lean<PersonDoc>().exec();

  /** The person behind a `wx.login` code; a first-time visitor becomes known. Nobody is signed in while WeChat cannot say who it is. */
  async function byWechatCode(code: string): Promise<PersonDoc> {
    const { openid } = answerOf(await wechat.code2Session(code));
    const person = await upsertByOpenid(openid);
    if (!person.active) throw new Refusal('FORBIDDEN', { detail: '该账号已停用，请联系市工信局' });
    return person;
  }

  async function upsertByOpenid(openid: string): Promise<PersonDoc> {
    const upsert = () => models.people.findOneAndUpdate(
      { city, openid },
      { $setOnInsert: { _id: newId(), active: true, createdAt: clock() } },
      { upsert: true, returnDocument: 'after', setDefaultsOnInsert: false },
    ).lean<PersonDoc>().exec();
    try {
      return (await upsert())!;
    } catch (error) {
      // Two first visits at once: the loser of the insert finds the winner's document.
      if (isDuplicate(error)) return (await upsert())!;
      throw error;
    }
  }

  /** Binds the phone behind a phone-button code to the person. */
  async function bindPhone(id: string, code: string): Promise<PersonDoc> {
    const person = await get(id);
    if (!person?.openid) throw new Refusal('FORBIDDEN');
    const { phone } = answerOf(await wechat.phoneNumber(code, person.openid));
    const set = { phone: keys.encrypt(phone, contextOf('people', 'phone', id)), phoneIndex: phoneIndexOf(keys, phone) };
    return (await models.people.findOneAndUpdate({ _id: id, city }, { $set: set }, { returnDocument: 'after' }).lean<PersonDoc>())!;
  }

  const phoneOf = (person: PersonDoc): string | undefined =>
    person.phone && keys.decrypt(person.phone, contextOf('people', 'phone', person._id));

  const nameOf = (person: PersonDoc): string | undefined =>
    person.name && keys.decrypt(person.name, contextOf('people', 'name', person._id));

  /** The person and every other account with the same phone: separation of duty looks through accounts (回避). */
  async function sameHuman(id: string): Promise<string[]> {
    const person = await get(id);
    if (!person?.phoneIndex) return [id];
    const others = await models.people.find({ city, phoneIndex: person.phoneIndex }, { _id: 1 }).lean();
    return others.map((other) => other._id);
  }

  /** Names of staff by person; whoever has none is left out. */
  async function namesOf(persons: readonly string[]): Promise<Map<string, string>> {
    const found = await models.people.find({ _id: { $in: [...persons] }, city, 'staff.login': { $exists: true } }).lean<PersonDoc[]>();
    return new Map(found.flatMap((person) => { const name = nameOf(person); return name ? [[person._id, name] as const] : []; }));
  }

  return { namesOf, get, byWechatCode, bindPhone, phoneOf, nameOf, sameHuman };
}

/** WeChat's refusal of a code is the user's to repeat; anything else is an outage, and nobody gets in on a guess. */
function answerOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value;
  if (outcome.kind === 'refused') throw new Refusal('CODE_REFUSED');
  throw new Refusal('UNAVAILABLE', { detail: '微信服务暂时不可用，请稍后再试' });
}
