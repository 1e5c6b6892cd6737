import { createHash, randomBytes } from 'node:crypto';
import type { Actor, Role } from '../kernel/actor';
import type { Kernel } from '../kernel/kernel';
import type { ListQuery } from '../kernel/list';
import { characters } from '../kernel/numbers';
import { Refusal } from '../kernel/refusal';
import type { CaseLine } from '../kernel/view';
import type { ProviderPage } from '../register/directory';
import type { Limit, Throttle } from '../register/throttle';
import { findRegion, findSector } from '../rulebook/places';
import { caseDocument, DOCX } from './case-document';
import type { ExportLine, ExportLog } from './log';
import { sheetOf, XLSX, type Column } from './sheet';
import { moment } from './words';

export type ExportRequest = { reason: string } & (
  | { kind: 'cases'; filter: Omit<ListQuery, 'limit' | 'after'> }
  | { kind: 'register' }
  | { kind: 'case'; no: string }
);
export interface Exported { name: string; mime: string; bytes: Buffer; id: string }

export interface ExportDeps {
  kernel: Pick<Kernel, 'list' | 'read' | 'procedures'>;
  providers: (query: { after?: string; limit: number }) => Promise<ProviderPage>;
  namesOf: (people: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  throttle: Throttle;
  log: ExportLog;
  now: () => Date;
}

/** Rows of one sheet at most: it is held in memory, and whoever needs more narrows the filter. */
export const ROWS_AT_MOST = 5000;
const PAGE = 100;
/** Bulk copies are for work, not for taking the case store home (threats H10). */
export const EXPORTS: Limit = { name: 'export', limit: 30, windowSeconds: 3600 };
/** People from outside the bureau read what they are asked about, on the page. */
const OUTSIDE: readonly Role[] = ['expert', 'agency'];
const SEES_ALL: readonly Role[] = ['auditor', 'supervisor', 'director'];
const newId = (): string => `DC${characters(randomBytes(10))}`;

const CASE_COLUMNS: readonly Column[] = [
  { title: '案件编号', width: 20 }, { title: '事项', width: 16 }, { title: '状态', width: 20 }, { title: '当事人', width: 44 },
  { title: '办理时限', width: 18 }, { title: '余期', width: 20 }, { title: '提交时间', width: 18 }, { title: '最近变化', width: 18 },
];
const PROVIDER_COLUMNS: readonly Column[] = [{ title: '服务商', width: 40 }, { title: '县（市、区）', width: 16 }, { title: '细分行业', width: 16 }, { title: '资格', width: 14 }, { title: '自', width: 18 }];
const STANDINGS: Record<string, string> = { listed: '在库', removed: '已退出' };

/** Lists and cases as files. A file holds what its reader sees on the page, says who took it and what for, and stands in the log first. */
export function createExports({ kernel, providers, namesOf, throttle, log, now }: ExportDeps) {
  async function make(actor: Actor, request: ExportRequest): Promise<Exported> {
    if (actor.kind !== 'staff' || actor.roles.every((role) => OUTSIDE.includes(role))) throw new Refusal('FORBIDDEN');
    await throttle.take([[EXPORTS, actor.person]]);
    const [id, at] = [newId(), now()];
    const who = (await namesOf([actor.person])).get(actor.person) ?? actor.person;
    const note = `${who} 于 ${moment(at)} 导出，编号 ${id}；用途：${request.reason}`;
    const { rows, of, ...file } = await written(actor, request, note);
    await log.append({ at, id, kind: request.kind, by: actor.person, reason: request.reason, of, rows, sha256: createHash('sha256').update(file.bytes).digest('hex') });
    return { ...file, id };
  }

  async function written(actor: Actor, request: ExportRequest, note: string): Promise<Omit<Exported, 'id'> & { rows: number; of: Record<string, string> }> {
    switch (request.kind) {
      case 'case': {
        const view = await kernel.read(actor, request.no);
        return { name: `${view.title}-${view.no}.docx`, mime: DOCX, bytes: await caseDocument(view, note), rows: 1, of: { no: view.no } };
      }
      case 'cases': {
        // The very list of the page, so that an export can show nothing that the page would not.
        const { items: lines, isPartial } = await allOf((page) => kernel.list(actor, { ...request.filter, ...page }));
        const title = `案件清单（${lines.length} 件${isPartial ? '，只含前面的部分，请缩小范围' : ''}）`;
        const bytes = await sheetOf({ title, note, columns: CASE_COLUMNS, rows: lines.map(rowOf) });
        return { name: '案件清单.xlsx', mime: XLSX, bytes, rows: lines.length, of: Object.fromEntries(Object.entries(request.filter).map(([name, value]) => [name, String(value)])) };
      }
      case 'register': {
        const { items } = await allOf(providers);
        const rows = items.map(({ name, region, sector, standing, since }) =>
          [name, findRegion(region)?.name ?? '市级', sector ? findSector(sector)?.name ?? sector : '', STANDINGS[standing] ?? standing, since ? moment(since) : '']);
        return { name: '服务商库.xlsx', mime: XLSX, bytes: await sheetOf({ title: `服务商库（${rows.length} 家）`, note, columns: PROVIDER_COLUMNS, rows }), rows: rows.length, of: {} };
      }
    }
  }

  /** Who took what out, newest first: overseers see everybody's lines, others their own. */
  async function history(actor: Actor, { before, limit }: { before?: number; limit: number }) {
    if (actor.kind !== 'staff') throw new Refusal('FORBIDDEN');
    const mine = actor.roles.some((role) => SEES_ALL.includes(role)) ? {} : { by: actor.person };
    const lines = await log.page({ ...mine, ...(before ? { before } : {}), limit: limit + 1 });
    const page = lines.slice(0, limit);
    const names = await namesOf(page.map(({ by }) => by));
    return { items: page.map((line) => lineView(line, names)), next: lines.length > limit ? page.at(-1)!.seq : null };
  }

  return { make, history };
}

export type Exports = ReturnType<typeof createExports>;

/** A list page by page, as far as one sheet goes. */
async function allOf<T>(read: (page: { limit: number; after?: string }) => Promise<{ items: T[]; next: string | null }>): Promise<{ items: T[]; isPartial: boolean }> {
  const items: T[] = [];
  let after: string | null = null;
  do {
    const page: { items: T[]; next: string | null } = await read({ limit: PAGE, ...(after ? { after } : {}) });
    items.push(...page.items);
    after = page.next;
  } while (after && items.length < ROWS_AT_MOST);
  return { items: items.slice(0, ROWS_AT_MOST), isPartial: after !== null || items.length > ROWS_AT_MOST };
}

const rowOf = ({ no, title, state, parties, due, inWords, openedAt, updatedAt }: CaseLine): string[] => [
  no, title, state.title, parties.map((party) => `${party.title} ${party.name}`).join('\n'),
  due && !state.end ? moment(due) : '', state.end ? '' : inWords ?? '', moment(openedAt), moment(updatedAt),
];

export interface ExportView { seq: number; at: string; id: string; kind: string; by: string; reason: string; of: Record<string, string>; rows: number; sha256: string }
const lineView = ({ seq, at, id, kind, by, reason, of, rows, sha256 }: ExportLine, names: ReadonlyMap<string, string>): ExportView =>
  ({ seq, at: at.toISOString(), id, kind, by: names.get(by) ?? '', reason, of, rows, sha256 });
