import type { Values } from '../forms/model';
import { dayInWords } from './format';

/** Something said on the way of a case; `when` stands apart, so that no line breaks within a date. */
export interface Said { title: string; when: string; text: string }

interface DiagnosisData {
  disputes?: { revision: number; on: string; reasons: string; reply?: string }[];
  former?: { name: string; why: string; on: string }[];
}

/** What the enterprise objected to in a report and what the provider answered; who did not take the diagnosis on, and why (12.1). */
export function saidAbout(values: Values): { disputes: Said[]; former: Said[] } {
  const { disputes = [], former = [] } = values as DiagnosisData;
  return {
    disputes: disputes.flatMap(({ revision, on, reasons, reply }) => [
      { title: `企业对第 ${revision} 版报告的异议`, when: dayInWords(on), text: reasons },
      ...(reply ? [{ title: '服务商的答复', when: '', text: reply }] : []),
    ]),
    former: former.map(({ name, why, on }) => ({ title: name, when: dayInWords(on), text: why })),
  };
}
