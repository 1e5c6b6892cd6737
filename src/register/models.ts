import { randomBytes } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import { POWERS, ROLES, STAFF_ROLES } from '../kernel/actor';
import {
  ORGANISATION_KINDS,
  type ClaimDoc, type InvitationDoc, type MembershipDoc, type OrganisationDoc, type PersonDoc, type PilotEntryDoc, type SessionDoc,
} from './documents';

/** 96 random bits: not guessable, and says nothing about when or in which order. */
export const newId = (): string => randomBytes(12).toString('hex');

const OPTIONS = { versionKey: false, strict: 'throw', strictQuery: 'throw', minimize: false } as const;
const text = { type: String } as const;
const must = { type: String, required: true } as const;
const when = { type: Date } as const;
const id = { type: String, default: newId };
const lists = { type: [String], default: [] };

const staff = new Schema({
  login: must,
  passwordHash: text,
  totpSecret: text,
  totpLastStep: Number,
  enrolment: { type: new Schema({ hash: must, expiresAt: { ...when, required: true } }, { _id: false }) },
  roles: { type: [{ type: String, enum: STAFF_ROLES }], default: [] },
  desks: lists,
  regions: lists,
  skills: { procedures: lists, sectors: lists },
  capacity: { type: Number, default: 20 },
  onDuty: { type: Boolean, default: true },
  absences: { type: [new Schema({ from: must, to: must }, { _id: false })], default: [] },
  conflicts: lists,
  active: { type: Boolean, default: true },
}, { _id: false, strict: 'throw' });

const people = new Schema<PersonDoc>({
  _id: id,
  city: must,
  openid: text,
  phone: text,
  phoneIndex: text,
  name: text,
  active: { type: Boolean, default: true },
  createdAt: { ...when, required: true },
  staff: { type: staff },
}, OPTIONS);
// Sign-in: whose WeChat account is this? Partial, since staff have none.
people.index({ city: 1, openid: 1 }, { unique: true, partialFilterExpression: { openid: { $exists: true } } });
// Staff sign-in: whose account is this?
people.index({ city: 1, 'staff.login': 1 }, { unique: true, partialFilterExpression: { 'staff.login': { $exists: true } } });
// Separation of duty: who else uses this phone?
people.index({ city: 1, phoneIndex: 1 }, { partialFilterExpression: { phoneIndex: { $exists: true } } });
// Routing: which active staff hold this role?
people.index({ city: 1, 'staff.roles': 1, 'staff.active': 1 }, { partialFilterExpression: { 'staff.login': { $exists: true } } });

const organisations = new Schema<OrganisationDoc>({
  _id: id,
  city: must,
  uscc: must,
  name: must,
  kind: { ...must, enum: ORGANISATION_KINDS },
  region: must,
  sector: text,
  town: text,
  pilot: { type: Boolean, default: false },
  standing: { ...text, enum: ['candidate', 'listed', 'removed'] },
  standingHistory: {
    type: [new Schema({ standing: must, at: { ...when, required: true }, no: must, seq: { type: Number, required: true }, article: text }, { _id: false })],
    default: [],
  },
  createdAt: { ...when, required: true },
}, OPTIONS);
// Claims and imports: is this credit code known?
organisations.index({ city: 1, uscc: 1 }, { unique: true });
// The public register: which providers are listed, by name?
organisations.index({ city: 1, kind: 1, standing: 1, name: 1 });
// Search: which organisations are called so?
organisations.index({ city: 1, name: 1 });
// The county's board: which enterprises are in this region and sub-sector?
organisations.index({ city: 1, kind: 1, region: 1, sector: 1 });

const memberships = new Schema<MembershipDoc>({
  _id: id,
  city: must,
  org: must,
  person: must,
  role: { ...must, enum: ['owner', 'member'] },
  powers: { type: [{ type: String, enum: POWERS }], default: [] },
  invitedBy: text,
  active: { type: Boolean, required: true },
  since: { ...when, required: true },
  endedAt: when,
}, OPTIONS);
// One membership per person and organisation; also: who works for this organisation?
memberships.index({ city: 1, org: 1, person: 1 }, { unique: true });
// Sign-in: for which organisations may this person act?
memberships.index({ city: 1, person: 1, active: 1 });
// An organisation has one owner at a time, whatever races.
memberships.index({ city: 1, org: 1, role: 1 }, { name: 'one_owner', unique: true, partialFilterExpression: { role: 'owner', active: true } });

const invitations = new Schema<InvitationDoc>({
  _id: id,
  city: must,
  org: must,
  phone: must,
  phoneIndex: must,
  powers: { type: [{ type: String, enum: POWERS }], default: [] },
  invitedBy: must,
  status: { ...must, enum: ['open', 'accepted', 'withdrawn'] },
  createdAt: { ...when, required: true },
  expiresAt: { ...when, required: true },
}, OPTIONS);
// Home page: who invites the owner of this phone?
invitations.index({ city: 1, phoneIndex: 1, status: 1 });
// Members page: whom has this organisation invited? One open invitation per phone.
invitations.index({ city: 1, org: 1, phoneIndex: 1 }, { unique: true, partialFilterExpression: { status: 'open' } });
invitations.index({ city: 1, org: 1, status: 1 });

const pilotEntries = new Schema<PilotEntryDoc>({
  _id: id,
  city: must,
  uscc: must,
  kind: { ...must, enum: ORGANISATION_KINDS },
  name: must,
  region: must,
  sector: text,
  town: text,
  phone: must,
  phoneIndex: must,
  contactName: text,
  row: { type: Number, required: true },
  importId: must,
}, OPTIONS);
// Claims: is this credit code on the bureau's list, and with which phone?
pilotEntries.index({ city: 1, uscc: 1 }, { unique: true });

const claims = new Schema<ClaimDoc>({
  _id: id,
  city: must,
  uscc: must,
  name: must,
  kind: { ...must, enum: ORGANISATION_KINDS },
  region: must,
  sector: text,
  person: must,
  status: { ...must, enum: ['pending', 'bound', 'refused'] },
  via: { ...must, enum: ['list', 'desk'] },
  licenceFile: text,
  approvals: { type: [new Schema({ by: must, at: { ...when, required: true } }, { _id: false })], default: [] },
  reason: text,
  decidedBy: text,
  decidedAt: when,
  settled: { type: Boolean, default: false },
  org: text,
  untold: Boolean,
  createdAt: { ...when, required: true },
}, OPTIONS);
// The sweep: of which claims have the people concerned not been told?
claims.index({ city: 1, untold: 1 }, { partialFilterExpression: { untold: true } });
// The county's desk: which claims of my regions wait, oldest first?
claims.index({ city: 1, status: 1, region: 1, createdAt: 1, _id: 1 });
// A person's own claims; one pending claim per person and credit code.
claims.index({ city: 1, person: 1, createdAt: -1 });
claims.index({ city: 1, person: 1, uscc: 1 }, { unique: true, partialFilterExpression: { status: 'pending' } });
// The sweep: which bound claims did a crash leave without their membership?
claims.index({ city: 1, settled: 1 }, { partialFilterExpression: { status: 'bound', settled: false } });

const sessions = new Schema<SessionDoc>({
  _id: id,
  city: must,
  person: must,
  kind: { ...must, enum: ['wechat', 'staff'] },
  acting: { type: new Schema({ role: { ...must, enum: ROLES }, org: text }, { _id: false }), required: true },
  accessHash: must,
  accessExpiresAt: { ...when, required: true },
  handleHash: must,
  refreshHash: must,
  expiresAt: { ...when, required: true },
  createdAt: { ...when, required: true },
}, OPTIONS);
// Every request: whose session is this?
sessions.index({ city: 1, accessHash: 1 }, { unique: true });
// Refresh: which family does this token belong to?
sessions.index({ city: 1, handleHash: 1 }, { unique: true });
// Sign-out everywhere, leavers.
sessions.index({ city: 1, person: 1 });
// Old sessions disappear by themselves.
sessions.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const SCHEMAS = { people, organisations, memberships, invitations, pilotEntries, claims, sessions };

export interface RegisterModels {
  people: Model<PersonDoc>;
  organisations: Model<OrganisationDoc>;
  memberships: Model<MembershipDoc>;
  invitations: Model<InvitationDoc>;
  pilotEntries: Model<PilotEntryDoc>;
  claims: Model<ClaimDoc>;
  sessions: Model<SessionDoc>;
}

/** The register's collections on a connection; asking twice gives the same models. */
export function registerModels(connection: Connection): RegisterModels {
  const models = Object.entries(SCHEMAS).map(([name, schema]) =>
    [name, connection.models[name] ?? connection.model(name, schema as Schema<any>, name)]); // any: each collection has its own document type
  return Object.fromEntries(models) as RegisterModels;
}

/** Builds the indexes that are missing; to be awaited before the first request. */
export async function ensureIndexes(models: RegisterModels): Promise<void> {
  for (const model of Object.values(models) as Model<unknown>[]) await model.createIndexes();
}

/** MongoDB's answer when a unique index refuses a write. */
export const isDuplicate = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 11000;
