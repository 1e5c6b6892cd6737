import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { KeyRing } from '../vault/crypto';
import { claimService, type ClaimNews } from './claims';
import { membershipService } from './memberships';
import { createPublicNotices, standingNotice, type Cause } from './notices';
import { ensureIndexes, registerModels } from './models';
import { organisationService } from './organisations';
import { peopleService, type WechatSignIn } from './people';
import { pilotListService } from './pilot-list';
import { sessionService } from './sessions';
import { staffService } from './staff';
import { staffSignIn } from './staff-sign-in';
import { throttle } from './throttle';
import type { ArticleNo } from '../rulebook/rulebook';
import { unknown } from '../wechat/outcome';

export interface RegisterDeps {
  connection: Connection;
  redis: Redis;
  /** In front of every Redis key, hash-tagged. */
  prefix: string;
  /** The city's word, such as 'xinxiang': first in every compound index. */
  city: string;
  keys: KeyRing;
  clock: () => Date;
  /** Milliseconds that only go forward; ages what a process believes and counts. */
  monotonic?: () => number;
  wechat: WechatSignIn;
  /** Whether an uploaded file exists and is this person's own. */
  mayAttach: (person: string, file: string) => Promise<boolean>;
  /** Tells people how a claim stands; the same key tells once. */
  tell: (news: ClaimNews) => Promise<void>;
  /** Gives an uploaded file to a claim. */
  attachTo: (claim: string, file: string, person: string) => Promise<void>;
}

export type Register = ReturnType<typeof createRegister>;

/** People, organisations and sessions: who may act, and for whom. */
export function createRegister(deps: RegisterDeps) {
  const models = registerModels(deps.connection);
  const base = { ...deps, models };
  const people = peopleService(base);
  const organisations = organisationService(base);
  const sessions = sessionService(base);
  const memberships = membershipService({ ...base, people, sessions });
  const claims = claimService({ ...base, people, organisations, memberships });
  const staff = staffService({ ...base, people, sessions });
  const signIn = staffSignIn({ ...base, throttle: throttle(deps) });
  const pilotList = pilotListService({ ...base, organisations });
  const notices = createPublicNotices(base);

  /** An effect of a case: a provider's standing changes, and the public is told of what it changed. Harmless twice. */
  async function changeStanding({ org, standing, article }: { org: string; standing: 'listed' | 'removed'; article: ArticleNo }, cause: Cause): Promise<void> {
    const { provider, before } = await organisations.setStanding(org, standing, { no: cause.no, seq: cause.seq, article });
    if (before === standing || (standing === 'removed' && before !== 'listed')) return;
    await notices.publish(standingNotice({ id: provider._id, name: provider.name }, standing, article, deps.clock()), cause);
  }

  return {
    models, people, organisations, sessions, memberships, claims, staff, signIn, pilotList, notices, changeStanding,
    /** To be awaited before the first request. */
    ensureIndexes: async () => { await Promise.all([ensureIndexes(models), notices.prepare()]); },
    /** Finishes what a crash left half done; for the sweep. Returns how much there was. */
    heal: () => claims.settleAll(),
  };
}

/** Only what the command line needs to enter staff: no Redis, no WeChat. */
export function staffOnly(deps: Pick<RegisterDeps, 'connection' | 'city' | 'keys' | 'clock'>) {
  const models = registerModels(deps.connection);
  const base = { ...deps, models };
  const staff = staffService({ ...base, people: peopleService({ ...base, wechat: noWechat }), sessions: sessionService(base) });
  return { staff, ensureIndexes: () => ensureIndexes(models) };
}

const noWechat: WechatSignIn = {
  code2Session: async () => unknown('network'),
  phoneNumber: async () => unknown('network'),
};
