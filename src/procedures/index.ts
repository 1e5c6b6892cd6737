import type { Procedure } from '../kernel/procedure';
import type { CaseDocument } from '../http/documents';
import { acceptance } from './acceptance/procedure';
import { batch } from './batch/procedure';
import { contract } from './contract/procedure';
import { rating } from './rating/procedure';
import { ratingResult } from './rating/result';
import { service } from './service/procedure';
import { complaint } from './complaint/procedure';
import { diagnosis } from './diagnosis/procedure';
import { diagnosisReport } from './diagnosis/report';
import { inquiry } from './inquiry/procedure';
import { plan } from './plan/procedure';
import { report } from './report/procedure';

/** Every procedure of the measures, in the order of their articles: the product's table of contents. */
const ALL: readonly Procedure[] = [service, diagnosis, plan, contract, batch, acceptance, rating, ratingResult, complaint, report, inquiry];

export const PROCEDURES: ReadonlyMap<string, Procedure> = new Map(ALL.map((procedure) => [procedure.name, procedure]));

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** What can be exported, by procedure and name. */
export const DOCUMENTS: Record<string, Record<string, CaseDocument>> = {
  diagnosis: { report: { title: '数字化诊断报告', mime: DOCX, extension: 'docx', write: diagnosisReport } },
};
