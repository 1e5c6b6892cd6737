import type { StaffRole } from '../kernel/actor';

/** A desk (科室队列): where cases wait for a reviewer. Procedures name desks in their states; people are put on desks by the admin. */
export interface Desk {
  name: string;
  title: string;
  /** Roles whose holders usually sit there: what the admin's form proposes, not a permission by itself. */
  roles: readonly StaffRole[];
  /** Work of one county, city or district each: only reviewers bound to the case's region may have it (article 9). */
  byRegion: boolean;
  /** 'offer': the product proposes each task to one reviewer; 'pool': whoever is free takes the next. */
  mode: 'offer' | 'pool';
}

const desk = (name: string, title: string, roles: readonly StaffRole[], more: Partial<Pick<Desk, 'byRegion' | 'mode'>> = {}): [string, Desk] =>
  [name, Object.freeze({ name, title, roles, byRegion: false, mode: 'offer', ...more })];

export const DESKS: ReadonlyMap<string, Desk> = new Map([
  desk('intake', '受理', ['intake']),
  desk('plan', '备案审核', ['reviewer']),
  desk('acceptance', '验收', ['reviewer']),
  desk('supervision', '监督管理', ['reviewer']),
  desk('report', '举报核查', ['reviewer']),
  desk('director', '负责人审批', ['director']),
  desk('county', '县区', ['county'], { byRegion: true }),
  // A person who chats wants the first free colleague, not a particular one.
  desk('service', '人工服务', ['intake', 'reviewer'], { mode: 'pool' }),
]);

/** A desk that a procedure names without an entry above is an ordinary one under its own name. */
export const deskOf = (name: string): Desk => DESKS.get(name) ?? desk(name, name, ['reviewer'])[1];
