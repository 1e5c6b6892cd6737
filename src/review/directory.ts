import type { Model } from 'mongoose';
import type { PersonDoc } from '../register/documents';
import { cached, type Directory } from './reviewers';

/** The register's active staff as routing sees them, in a fixed order: one look-up a second at most. */
export const staffDirectory = (people: Model<PersonDoc>, city: string): Directory => cached(async () => {
  const found = await people
    .find({ city, 'staff.login': { $exists: true } }, { active: 1, 'staff.roles': 1, 'staff.desks': 1, 'staff.regions': 1, 'staff.skills': 1, 'staff.capacity': 1, 'staff.onDuty': 1, 'staff.absences': 1, 'staff.conflicts': 1, 'staff.active': 1 })
    .sort({ 'staff.login': 1 }).lean<PersonDoc[]>();
  return found.map(({ _id, active, staff }) => {
    const { roles, desks, regions, skills, capacity, onDuty, absences, conflicts } = staff!;
    return { person: _id, roles, desks, regions, skills, capacity, onDuty, absences, conflicts, active: active && staff!.active };
  });
});
