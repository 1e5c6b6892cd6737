import type { DifferenceGroup } from '../../utils/plan-differences';

/** What a version changes against an earlier one: added, removed, changed, old beside new. */
Component({
  properties: {
    groups: { type: Array, value: [] as DifferenceGroup[] },
    from: { type: Number, value: 0 },
  },
});
