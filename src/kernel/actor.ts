/** Roles a session can act in (design: people and places). `system` is the product itself: its clock and its own effects. */
export const ROLES = [
  'enterprise', 'provider', 'citizen',
  'intake', 'reviewer', 'director', 'supervisor', 'auditor', 'admin', 'county', 'expert', 'agency',
  'system',
] as const;
export type Role = (typeof ROLES)[number];

export const STAFF_ROLES = ['intake', 'reviewer', 'director', 'supervisor', 'auditor', 'admin', 'county', 'expert', 'agency'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** What a member of an organisation may do for it: see, handle, confirm (bind the organisation), pay, manage colleagues. */
export const POWERS = ['view', 'handle', 'confirm', 'pay', 'manage'] as const;
export type Power = (typeof POWERS)[number];

/** Who is acting, in which capacity, as fixed by the session. Never read from a request's body or headers. */
export interface Actor {
  /** Id of the person; 'system' for the product itself. Separation of duty looks at this, whatever the capacity. */
  person: string;
  kind: 'wechat' | 'staff' | 'system';
  roles: readonly Role[];
  /** The organisation acted for; absent for citizens and the bureau. */
  org?: string;
  powers: readonly Power[];
  /** Desks a staff member serves, such as 'intake', 'plan', 'county'. */
  desks: readonly string[];
  /** Regions a county office is bound to; empty for the whole city. */
  regions: readonly string[];
  session: string;
  /** Access tags, see `tagsOf`: the one thing both the read predicate and the read filter look at. */
  tags: readonly string[];
}

export const orgTag = (org: string): string => `org:${org}`;
export const isOrgTag = (tag: string): boolean => tag.startsWith(orgTag(''));
export const personTag = (person: string): string => `person:${person}`;
export const roleTag = (role: Role): string => `role:${role}`;
export const deskTag = (desk: string): string => `desk:${desk}`;
/** A desk within one region: how a county office sees its own cases only. */
export const regionDeskTag = (desk: string, region: string): string => `desk:${desk}@${region}`;

/** All tags an actor holds. A case lists the tags that may read it; one tag in common is permission to read. */
export function tagsOf(actor: Omit<Actor, 'tags'>): string[] {
  const tags = [personTag(actor.person)];
  if (actor.org && actor.powers.includes('view')) tags.push(orgTag(actor.org));
  for (const role of actor.roles) tags.push(roleTag(role));
  for (const desk of actor.desks) {
    if (actor.regions.length === 0) tags.push(deskTag(desk));
    else for (const region of actor.regions) tags.push(regionDeskTag(desk, region));
  }
  return tags;
}

export const makeActor = (actor: Omit<Actor, 'tags'>): Actor => ({ ...actor, tags: tagsOf(actor) });

/** The product acting by itself: deadlines that run out and effects of other cases. */
export const SYSTEM: Actor = makeActor({
  person: 'system', kind: 'system', roles: ['system'], powers: [], desks: [], regions: [], session: 'system',
});
