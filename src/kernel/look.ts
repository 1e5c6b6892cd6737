import type { Case } from './case';
import type { CaseCollection } from './cases';

/** An organisation as rules see it. */
export interface OrgFacts {
  id: string;
  name: string;
  kind: 'enterprise' | 'provider';
  uscc: string;
  region: string;
  sector?: string;
  pilot: boolean;
  /** Providers: 'listed' may deliver. */
  standing?: 'candidate' | 'listed' | 'removed';
}

/** An expert or agency that can be drawn for a panel. */
export interface ExpertFacts {
  person: string;
  /** What the bureau calls them by here; their names are sealed. */
  login: string;
  sectors: readonly string[];
  /** Organisations the person has declared a relation to. */
  conflicts: readonly string[];
}

/** What a move may look up beyond its own case, before its rule decides. Read-only. */
export interface Look {
  case(no: string): Promise<Case<any> | null>;
  /** Cases of a procedure linked to a number, or with a party tag; newest first, at most 50. */
  linked(no: string, procedure: string): Promise<Case<any>[]>;
  ofParty(tag: string, procedure: string, states?: readonly string[]): Promise<Case<any>[]>;
  organisation(id: string): Promise<OrgFacts | null>;
  /** Providers in good standing, optionally for one sub-sector. */
  listedProviders(sector?: string): Promise<OrgFacts[]>;
  experts(role: 'expert' | 'agency'): Promise<ExpertFacts[]>;
  /** What colleagues are called, by person id. For those who choose among them, never for a rule or a case. */
  namesOf(persons: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Whether a text would give away the identity sealed for a case. */
  mentionsIdentity(no: string, text: string): Promise<boolean>;
  /** SHA-256 (hex) of an uploaded file as it was handed in; null for an unknown id. */
  fileHash(id: string): Promise<string | null>;
  /** Whether a person belongs to an organisation, whichever they act for now. */
  isMember(person: string, org: string): Promise<boolean>;
}

export interface LookDeps {
  city: string;
  cases: CaseCollection;
  organisation(id: string): Promise<OrgFacts | null>;
  listedProviders(sector?: string): Promise<OrgFacts[]>;
  experts(role: 'expert' | 'agency'): Promise<ExpertFacts[]>;
  namesOf(persons: readonly string[]): Promise<ReadonlyMap<string, string>>;
  mentionsIdentity(no: string, text: string): Promise<boolean>;
  fileHash(id: string): Promise<string | null>;
  isMember(person: string, org: string): Promise<boolean>;
}

const AT_MOST = 50;

export const createLook = ({ city, cases, ...register }: LookDeps): Look => ({
  ...register,
  case: (no) => cases.findOne({ city, no }),
  linked: (no, procedure) => cases.find({ city, 'links.no': no, procedure }).sort({ openedAt: -1 }).limit(AT_MOST).toArray(),
  ofParty: (tag, procedure, states) =>
    cases.find({ city, access: tag, procedure, ...(states ? { state: { $in: [...states] } } : {}) }).sort({ openedAt: -1, no: -1 }).limit(AT_MOST).toArray(),
});
