/**
 * What came of one call to WeChat. `refused`: WeChat answered with an errcode and did nothing. `unknown`: nobody can say
 * whether it took effect (5xx, timeout, no connection, no JSON, or -1 "busy"), so repeating may do it twice.
 */
export type Outcome<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'refused'; errcode: number; errmsg: string }
  | { kind: 'unknown'; reason: UnknownReason };

export type UnknownReason = 'timeout' | 'network' | 'http' | 'notJson' | 'busy';

/** WeChat's numbers that the product reacts to by name. */
export const ERRCODE = {
  busy: -1,
  tokenInvalid: 40001,
  openidInvalid: 40003,
  tokenMalformed: 40014,
  codeInvalid: 40029,
  templateInvalid: 40037,
  codeUsed: 40163,
  userBlocked: 40226,
  tokenExpired: 42001,
  noConsent: 43101,
  concurrentSend: 43108,
  outsideWindow: 45015,
  allowanceUsed: 45047,
  fieldInvalid: 47003,
} as const;

/** The three answers that mean "fetch another access token and try once more". All come before any side effect. */
export const INVALID_TOKEN: readonly number[] = [ERRCODE.tokenInvalid, ERRCODE.tokenMalformed, ERRCODE.tokenExpired];

export const refused = (errcode: number, errmsg: string): Outcome<never> => ({ kind: 'refused', errcode, errmsg });
export const unknown = (reason: UnknownReason): Outcome<never> => ({ kind: 'unknown', reason });
