import type { Collection } from 'mongoose';
import { orgTag } from '../kernel/actor';
import type { Case } from '../kernel/case';
import type { RecordOf } from '../register/provider-routes';

/** What a provider has carried through, as the public may know it: how many, of no enterprise by name (第十四条 rates by just this number). */
const RECORD = [
  { procedure: 'diagnosis', states: ['confirmed'], label: '完成数字化诊断' },
  { procedure: 'plan', states: ['approved'], label: '改造方案通过备案' },
  { procedure: 'contract', states: ['delivered'], label: '交付改造项目' },
  { procedure: 'acceptance', states: ['passed'], label: '项目通过验收' },
] as const;

export const trackRecord = ({ cases, city }: { cases: Pick<Collection<Case<any>>, 'countDocuments'>; city: string }): RecordOf => (provider) =>
  Promise.all(RECORD.map(async ({ procedure, states, label }) =>
    ({ procedure, label, count: await cases.countDocuments({ city, access: orgTag(provider), procedure, state: { $in: [...states] } }) })));
