import { reactive, readonly } from 'vue';
import type { StaffRole } from '../kernel/actor';
import { forgetCsrf, get, hasCsrf, isProblem, keepCsrf, onExpired, post, remove, type Csrf } from './api';

export interface Absence { from: string; to: string }

/** A colleague as the register tells of them. */
export interface StaffView {
  id: string;
  login: string;
  name: string;
  roles: StaffRole[];
  desks: string[];
  regions: string[];
  skills: { procedures: string[]; sectors: string[] };
  capacity: number;
  onDuty: boolean;
  absences: Absence[];
  conflicts: string[];
  active: boolean;
  enrolled: boolean;
}

export interface Me {
  person: { id: string; kind: string; name: string | null };
  staff?: StaffView;
  csrf?: string;
}

/** 'asking': the session ended under a page in use, and the sign-in stands on top of it. */
type Stage = 'unknown' | 'out' | 'in' | 'asking';

const state = reactive({ stage: 'unknown' as Stage, me: null as Me | null });
export const session = readonly(state);

let answerAsked: ((signedIn: boolean) => void) | null = null;
let asked: Promise<boolean> | null = null;

onExpired(() => {
  if (state.stage !== 'in' && state.stage !== 'asking') return Promise.resolve(false);
  state.stage = 'asking';
  asked ??= new Promise<boolean>((resolve) => { answerAsked = resolve; }).finally(() => { asked = null; });
  return asked;
});

/** Who is behind the cookies, if anybody. */
export async function restore(): Promise<void> {
  if (!hasCsrf()) {
    state.stage = 'out';
    return;
  }
  try {
    enter(await get<Me>('/api/v1/me'));
  } catch (error) {
    if (!isProblem(error)) throw error;
    state.stage = 'out';
    if (error.status !== 401) throw error;
  }
}

function enter(me: Me): void {
  if (me.csrf) keepCsrf(me.csrf);
  // Somebody else now sits here: nothing of the one before may stay on the page.
  if (state.me && state.me.person.id !== me.person.id) {
    location.assign('/console');
    return;
  }
  state.me = me;
  state.stage = 'in';
  answerAsked?.(true);
  answerAsked = null;
}

export interface Credentials { login: string; password: string; totp: string }

export async function signIn(credentials: Credentials): Promise<void> {
  enter(await post<Me & Csrf>('/api/v1/session/staff', { ...credentials, cookie: true }));
}

export const beginEnrolment = (input: { login: string; code: string }) => post<{ secret: string; uri: string }>('/api/v1/session/enrolment', input);

export async function completeEnrolment(input: Credentials & { code: string }): Promise<void> {
  enter(await post<Me & Csrf>('/api/v1/session/enrolment/complete', { ...input, cookie: true }));
}

export async function signOut(): Promise<void> {
  await remove('/api/v1/session').catch((error: unknown) => { if (!isProblem(error)) throw error; });
  leave();
}

/** Off the page, with all that was typed: what is on it belongs to the one who left. */
export function leave(): void {
  forgetCsrf();
  sessionStorage.clear();
  answerAsked?.(false);
  location.assign('/console/sign-in');
}

/** Takes over what a change to oneself answered. */
export function update(staff: StaffView): void {
  if (state.me) state.me.staff = staff;
}

export const has = (...roles: StaffRole[]): boolean => state.me?.staff?.roles.some((role) => roles.includes(role)) ?? false;
/** Who sits at no desk is sent no tasks; experts and agencies are drawn for single matters. */
export const isDispatched = (): boolean => (me()?.desks.length ?? 0) > 0;
/** Duty and leave mean something where tasks are sent or people drawn. */
export const hasDuty = (): boolean => isDispatched() || has('expert', 'agency');
export const me = (): StaffView | undefined => state.me?.staff as StaffView | undefined;
