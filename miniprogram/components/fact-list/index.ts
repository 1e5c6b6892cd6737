import type { Fact } from '../../forms/model';

/** Labelled facts to read, groups and lists within themselves. */
Component({
  properties: { facts: { type: Array, value: [] as Fact[] } },
});
