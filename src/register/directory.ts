import { POWERS, type Power, type StaffRole } from '../kernel/actor';
import type { ExpertFacts, OrgFacts } from '../kernel/look';
import { shanghaiDay } from '../kernel/numbers';
import { literally } from '../kernel/search';
import type { OrganisationDoc, PersonDoc, Standing } from './documents';
import type { RegisterModels } from './models';

/** A person who may be told something, and where WeChat reaches them. */
export interface Contact { person: string; openid?: string }

/** What the public register shows of a provider: where it stands, since when, and by which article. */
export interface PublicProvider { id: string; name: string; region: string; sector: string | null; standing: 'listed' | 'removed'; since: string | null; article: string | null }

/** One page of the public register. */
export interface ProviderPage {
  items: PublicProvider[];
  next: string | null;
}

/** One provider with everything that changed its standing, oldest first. */
export interface ProviderEntry {
  id: string; name: string; uscc: string; region: string; sector: string | null; standing: Standing;
  history: { standing: Standing; at: string; article: string | null; no: string }[];
}

export interface RegisterQuery { sector?: string; standing?: 'listed' | 'removed'; name?: string; after?: string; limit: number }

/** What the rest of the product may ask the register about people and organisations: ids and public facts, no personal data. */
export function directory({ models, city, clock }: { models: RegisterModels; city: string; clock: () => Date }) {
  const factsOf = (org: OrganisationDoc): OrgFacts => ({
    id: org._id, name: org.name, kind: org.kind, uscc: org.uscc, region: org.region, pilot: org.pilot,
    ...(org.sector ? { sector: org.sector } : {}), ...(org.standing ? { standing: org.standing } : {}),
  });

  async function organisation(id: string): Promise<OrgFacts | null> {
    const org = await models.organisations.findOne({ _id: id, city }).lean<OrganisationDoc>();
    return org ? factsOf(org) : null;
  }

  /** Ids of organisations by a part of their name; the names alone are looked through, in their index. */
  async function organisationsNamed(part: string, limit: number): Promise<string[]> {
    const found = await models.organisations.find({ city, name: { $regex: literally(part), $options: 'i' } }, { _id: 1 }).sort({ name: 1 }).limit(limit).lean<{ _id: string }[]>();
    return found.map(({ _id }) => _id);
  }

  async function listedProviders(sector?: string): Promise<OrgFacts[]> {
    const found = await models.organisations.find({ city, kind: 'provider', standing: 'listed', ...(sector ? { sector } : {}) }).sort({ name: 1 }).limit(500).lean<OrganisationDoc[]>();
    return found.map(factsOf);
  }

  const staffWith = (role: StaffRole): Promise<PersonDoc[]> =>
    models.people.find({ city, 'staff.roles': role, 'staff.active': true, 'staff.login': { $exists: true } }).lean<PersonDoc[]>().exec();

  /** Experts or agency people who can be drawn now: on duty and not away. */
  async function experts(role: 'expert' | 'agency'): Promise<ExpertFacts[]> {
    const today = shanghaiDay(clock());
    const here = (await staffWith(role)).filter(({ staff }) => staff!.onDuty && !staff!.absences.some(({ from, to }) => from <= today && today <= to));
    return here.map(({ _id, staff }) => ({ person: _id, login: staff!.login, sectors: staff!.skills.sectors, conflicts: staff!.conflicts }));
  }

  /** Everybody of the bureau to whom work may be routed. */
  async function reviewers() {
    const found = await models.people.find({ city, 'staff.login': { $exists: true } }).lean<PersonDoc[]>();
    return found.filter(({ staff }) => staff!.desks.length > 0).map(({ _id, staff, active }) => {
      const { roles, desks, regions, skills, capacity, onDuty, absences, conflicts } = staff!;
      return { person: _id, roles, desks, regions, skills, capacity, onDuty, absences, conflicts, active: active && staff!.active };
    });
  }

  /** Who is meant by a tag: 'person:ID', 'org:ID' (members with the power) or 'role:ROLE'. */
  async function recipientsOf(tag: string, power: Power): Promise<Contact[]> {
    const [kind, id = ''] = tag.split(/:(.*)/s) as [string, string?];
    if (kind === 'role') return (await staffWith(id as StaffRole)).map(contactOf);
    const persons = kind === 'person' ? [id] : kind === 'org' ? await members(id, power) : [];
    if (persons.length === 0) return [];
    return (await models.people.find({ _id: { $in: persons }, city, active: true }).lean<PersonDoc[]>()).map(contactOf);
  }

  async function members(org: string, power: Power): Promise<string[]> {
    const found = await models.memberships.find({ city, org, active: true }).lean();
    return found.filter(({ role, powers }) => (role === 'owner' ? POWERS : powers).includes(power)).map(({ person }) => person);
  }

  /** The person behind a WeChat account, if they have ever signed in. */
  async function personOf(openid: string): Promise<string | null> {
    return (await models.people.findOne({ city, openid, active: true }).lean<PersonDoc>())?._id ?? null;
  }

  /** The public register: providers listed now or removed, by name; `after` is the last name of the page before. */
  async function publicRegister({ sector, standing, name, after, limit }: RegisterQuery): Promise<ProviderPage> {
    // A part of a name is looked for among the keys of the index, and a city has some hundreds of providers.
    const named = { ...(name ? { $regex: literally(name) } : {}), ...(after ? { $gt: after } : {}) };
    const found = await models.organisations
      .find({ city, kind: 'provider', standing: standing ?? { $in: ['listed', 'removed'] }, ...(sector ? { sector } : {}), ...(name || after ? { name: named } : {}) })
      .sort({ name: 1 }).limit(limit + 1).lean<OrganisationDoc[]>();
    const items = found.slice(0, limit).map((org) => {
      const last = org.standingHistory.at(-1);
      return {
        id: org._id, name: org.name, region: org.region, sector: org.sector ?? null, standing: org.standing as 'listed' | 'removed',
        since: last?.at.toISOString() ?? null, article: last?.article ?? null,
      };
    });
    return { items, next: found.length > limit ? items.at(-1)!.name : null };
  }

  /** One provider with its history; null for what is no provider, and for one nobody has listed yet. */
  async function provider(id: string): Promise<ProviderEntry | null> {
    const org = await models.organisations.findOne({ _id: id, city }).lean<OrganisationDoc>();
    if (org?.kind !== 'provider' || !org.standing || org.standing === 'candidate') return null;
    const { _id, name, uscc, region, sector = null, standing, standingHistory } = org;
    return {
      id: _id, name, uscc, region, sector, standing,
      history: standingHistory.map(({ standing: to, at, no, article = null }) => ({ standing: to, at: at.toISOString(), article, no })),
    };
  }

  return { organisation, organisationsNamed, provider, listedProviders, experts, reviewers, recipientsOf, personOf, publicRegister };
}

const contactOf = ({ _id, openid }: PersonDoc): Contact => ({ person: _id, ...(openid ? { openid } : {}) });
