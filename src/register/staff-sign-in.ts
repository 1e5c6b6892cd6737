import { Refusal } from '../kernel/refusal';
import { contextOf, sameSecret, type KeyRing } from '../vault/crypto';
import type { PersonDoc } from './documents';
import type { RegisterModels } from './models';
import { hashPassword, isPassword, weakness } from './passwords';
import type { Limit, Throttle } from './throttle';
import { sha256 } from './tokens';
import { newTotpSecret, totpStep, totpUri } from './totp';

const QUARTER_HOUR = 15 * 60;
/** A person who mistypes. */
const ACCOUNT_FROM_NETWORK: Limit = { name: 'login-network', limit: 5, windowSeconds: QUARTER_HOUR };
/** One account guessed from many networks; higher, so that a stranger cannot easily lock a colleague out. */
const ACCOUNT: Limit = { name: 'login', limit: 20, windowSeconds: QUARTER_HOUR };
/** Many accounts guessed from one network; an office behind one address still gets in. */
const NETWORK: Limit = { name: 'network', limit: 100, windowSeconds: QUARTER_HOUR };

export interface StaffSignInDeps {
  models: RegisterModels;
  keys: KeyRing;
  city: string;
  clock: () => Date;
  throttle: Throttle;
}

export interface Credentials { login: string; password: string; totp: string }
export interface Enrolment { login: string; code: string }

export type StaffSignIn = ReturnType<typeof staffSignIn>;

const triesOf = (login: string, network: string) => {
  const account = sha256(login);
  return [[ACCOUNT_FROM_NETWORK, sha256(`${login}@${network}`)], [ACCOUNT, account], [NETWORK, sha256(network)]] as const;
};

/** Sign-in of staff by password and TOTP, and the set-up of both with a one-time code. */
export function staffSignIn({ models, keys, city, clock, throttle }: StaffSignInDeps) {
  const byLogin = (login: string): Promise<PersonDoc | null> =>
    models.people.findOne({ city, 'staff.login': login }).lean<PersonDoc>().exec();

  const openSecret = (person: PersonDoc): string | undefined =>
    person.staff?.totpSecret && keys.decrypt(person.staff.totpSecret, contextOf('people', 'staff.totpSecret', person._id));

  /**
   * The person behind login, password and code. Whatever is wrong, the answer is the same and takes about as long.
   * @param network the caller's address
   */
  async function signIn({ login, password, totp }: Credentials, network: string): Promise<PersonDoc> {
    const tries = triesOf(login, network);
    await throttle.take(tries);
    const person = await byLogin(login);
    const staff = person?.staff;
    const rightPassword = await isPassword(staff?.passwordHash, password);
    const secret = person && openSecret(person);
    const step = secret ? totpStep(secret, totp, clock()) : null;
    if (!person?.active || !staff?.active || !rightPassword || step === null || !await useStep(person._id, step)) {
      throw new Refusal('SIGN_IN_FAILED');
    }
    await throttle.clear([tries[0], tries[1]]);
    return person;
  }

  /** Uses a code up: of two sign-ins with the same code, one wins. */
  async function useStep(id: string, step: number): Promise<boolean> {
    const { matchedCount } = await models.people.updateOne(
      { _id: id, city, 'staff.totpLastStep': { $lt: step } }, { $set: { 'staff.totpLastStep': step } },
    );
    return matchedCount === 1;
  }

  async function enrolling({ login, code }: Enrolment, network: string): Promise<PersonDoc> {
    await throttle.take(triesOf(login, network));
    const person = await byLogin(login);
    const enrolment = person?.staff?.enrolment;
    if (!person?.staff?.active || !enrolment || enrolment.expiresAt <= clock() || !sameSecret(enrolment.hash, sha256(code))) {
      throw new Refusal('SIGN_IN_FAILED', { detail: '登录名或启用码不正确，或启用码已失效' });
    }
    return person;
  }

  /** First half: a new TOTP secret for the authenticator app. May be repeated until the second half is done. */
  async function beginEnrolment(input: Enrolment, network: string): Promise<{ secret: string; uri: string }> {
    const person = await enrolling(input, network);
    const secret = newTotpSecret();
    await models.people.updateOne(
      { _id: person._id, city, 'staff.enrolment.hash': sha256(input.code) },
      { $set: { 'staff.totpSecret': keys.encrypt(secret, contextOf('people', 'staff.totpSecret', person._id)) } },
    );
    return { secret, uri: totpUri(secret, input.login) };
  }

  /** Second half: the password, and a code that proves the app was set up. Uses the one-time code up. */
  async function completeEnrolment(input: Enrolment & { password: string; totp: string }, network: string): Promise<PersonDoc> {
    const person = await enrolling(input, network);
    const weak = weakness(input.password, input.login);
    const secret = openSecret(person);
    const step = secret ? totpStep(secret, input.totp, clock()) : null;
    const faults = [
      ...(weak ? [{ field: 'password', message: weak }] : []),
      ...(step === null ? [{ field: 'totp', message: '动态口令不正确，请核对手机时间' }] : []),
    ];
    if (step === null || faults.length > 0) throw new Refusal('INVALID', { faults });
    const enrolled = await models.people.findOneAndUpdate(
      { _id: person._id, city, 'staff.enrolment.hash': sha256(input.code), 'staff.totpSecret': person.staff!.totpSecret },
      {
        $set: { 'staff.passwordHash': await hashPassword(input.password), 'staff.totpLastStep': step },
        $unset: { 'staff.enrolment': 1 },
      },
      { returnDocument: 'after' },
    ).lean<PersonDoc>();
    if (!enrolled) throw new Refusal('STALE');
    const [pair, account] = triesOf(input.login, network);
    await throttle.clear([pair, account]);
    return enrolled;
  }

  return { signIn, beginEnrolment, completeEnrolment };
}
