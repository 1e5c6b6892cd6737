import type { Power, Role, StaffRole } from '../kernel/actor';

/** Days of absence, 'YYYY-MM-DD' in Asia/Shanghai, both included. */
export interface Absence { from: string; to: string }

/** The part of a person that works for the bureau, a county office, an agency or as an expert. */
export interface StaffEntry {
  /** Lower case. */
  login: string;
  /** argon2id; absent until enrolment. */
  passwordHash?: string;
  /** Sealed, base32; absent until enrolment has begun. */
  totpSecret?: string;
  /** The last 30-second step whose code was used: a code is good once. */
  totpLastStep?: number;
  /** SHA-256 of the one-time code a new or reset account is set up with. */
  enrolment?: { hash: string; expiresAt: Date };
  roles: StaffRole[];
  desks: string[];
  /** Regions a county office is bound to; empty for the whole city. */
  regions: string[];
  skills: { procedures: string[]; sectors: string[] };
  /** Cases at a time. */
  capacity: number;
  onDuty: boolean;
  absences: Absence[];
  /** Organisations the person has declared a relation to (回避). */
  conflicts: string[];
  active: boolean;
}

export interface PersonDoc {
  _id: string;
  city: string;
  openid?: string;
  /** Sealed, context `people.phone.<id>`. Not unique: a number moves on when its owner changes WeChat accounts. */
  phone?: string;
  phoneIndex?: string;
  /** Sealed, context `people.name.<id>`. */
  name?: string;
  active: boolean;
  createdAt: Date;
  staff?: StaffEntry;
}

export const ORGANISATION_KINDS = ['enterprise', 'provider'] as const;
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number];
export type Standing = 'candidate' | 'listed' | 'removed';

/** The line of a case that changed the register: its number and the sequence number of the entry. */
export interface Cause { no: string; seq: number; article?: string }

export interface OrganisationDoc {
  _id: string;
  city: string;
  uscc: string;
  name: string;
  kind: OrganisationKind;
  region: string;
  sector?: string;
  town?: string;
  /** An enterprise on the bureau's pilot list. */
  pilot: boolean;
  /** Providers only; changed by cases alone (articles 10, 16, 18). */
  standing?: Standing;
  standingHistory: { standing: Standing; at: Date; no: string; seq: number; article?: string }[];
  createdAt: Date;
}

export interface MembershipDoc {
  _id: string;
  city: string;
  org: string;
  person: string;
  role: 'owner' | 'member';
  powers: Power[];
  /** The person who invited; absent for the owner. */
  invitedBy?: string;
  active: boolean;
  since: Date;
  endedAt?: Date;
}

export interface InvitationDoc {
  _id: string;
  city: string;
  org: string;
  /** Sealed, context `invitations.phone.<id>`. */
  phone: string;
  phoneIndex: string;
  powers: Power[];
  invitedBy: string;
  status: 'open' | 'accepted' | 'withdrawn';
  createdAt: Date;
  expiresAt: Date;
}

export interface PilotEntryDoc {
  _id: string;
  city: string;
  uscc: string;
  kind: OrganisationKind;
  name: string;
  region: string;
  sector?: string;
  town?: string;
  /** Sealed, context `pilotEntries.phone.<id>`. */
  phone: string;
  phoneIndex: string;
  /** Sealed, context `pilotEntries.contactName.<id>`. */
  contactName?: string;
  row: number;
  importId: string;
}

export interface ClaimApproval { by: string; at: Date }

export interface ClaimDoc {
  _id: string;
  city: string;
  uscc: string;
  name: string;
  kind: OrganisationKind;
  region: string;
  sector?: string;
  person: string;
  status: 'pending' | 'bound' | 'refused';
  via: 'list' | 'desk';
  /** Id of the uploaded licence photo. */
  licenceFile?: string;
  /** Approvals so far: replacing an owner takes two people. */
  approvals: ClaimApproval[];
  reason?: string;
  decidedBy?: string;
  decidedAt?: Date;
  /** A bound claim whose organisation and membership are both written. */
  settled: boolean;
  org?: string;
  /** How it stands now has not been told yet to those whom it concerns. */
  untold?: boolean;
  createdAt: Date;
}

export interface SessionDoc {
  _id: string;
  city: string;
  person: string;
  kind: 'wechat' | 'staff';
  acting: { role: Role; org?: string };
  /** SHA-256 of the tokens; the tokens themselves are never stored. */
  accessHash: string;
  accessExpiresAt: Date;
  /** SHA-256 of the part of the refresh token that stays the same through rotation. */
  handleHash: string;
  refreshHash: string;
  expiresAt: Date;
  createdAt: Date;
}
