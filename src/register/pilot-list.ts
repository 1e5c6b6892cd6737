import writeXlsxFile from 'write-excel-file/node';
import { Refusal, type Fault } from '../kernel/refusal';
import { checkCreditCode, checkMobile } from '../rulebook/id-checks';
import { CITY, findRegion, REGIONS, SECTORS } from '../rulebook/places';
import { contextOf, type KeyRing } from '../vault/crypto';
import type { OrganisationDoc, OrganisationKind, PilotEntryDoc } from './documents';
import { newId, type RegisterModels } from './models';
import type { OrganisationFacts, Organisations } from './organisations';
import { phoneIndexOf } from './people';
import { readRows, type SheetRow } from './xlsx';

const ROWS_AT_MOST = 5000;
const COLUMNS_AT_MOST = 200;
/** The title row may stand below a heading. */
const TITLE_WITHIN = 10;
/** The template's own example row is not data. */
const EXAMPLE_MARK = '示例';

const COLUMNS = {
  uscc: { title: '统一社会信用代码', also: ['信用代码', '社会信用代码'] },
  name: { title: '单位名称', also: ['企业名称', '服务商名称', '名称'] },
  region: { title: '县（市、区）', also: ['县(市、区)', '县市区', '所属县区', '区域', '所在地'] },
  sector: { title: '细分行业', also: ['行业', '所属行业'] },
  town: { title: '乡镇（街道）', also: ['乡镇(街道)', '乡镇', '街道'] },
  contactName: { title: '联系人', also: ['联系人姓名'] },
  phone: { title: '联系手机', also: ['手机', '手机号', '手机号码', '联系电话'] },
} as const;
type Column = keyof typeof COLUMNS;
const REQUIRED: Record<OrganisationKind, readonly Column[]> = {
  enterprise: ['uscc', 'name', 'region', 'sector', 'phone'],
  provider: ['uscc', 'name', 'phone'],
};

/** What is wrong in one row; `row` as the spreadsheet program numbers it. */
export interface RowFault extends Fault { row: number }

export interface ImportResult {
  imported: number;
  updated: number;
  unchanged: number;
  faults: RowFault[];
}

/** A row that passed every check. */
export interface ListedRow extends OrganisationFacts { row: number; phone: string; contactName?: string }

const squeeze = (text: string): string => text.normalize('NFKC').replace(/[\s*]/g, '');
const TITLES = new Map(Object.entries(COLUMNS).flatMap(([column, { title, also }]) =>
  [title, ...also].map((one) => [squeeze(one), column as Column] as const)));

/** Finds the columns by their titles, in any order. */
function findColumns(rows: SheetRow[], kind: OrganisationKind): { columns: Map<Column, number>; body: SheetRow[] } {
  for (const [index, row] of rows.slice(0, TITLE_WITHIN).entries()) {
    const columns = new Map(row.cells.flatMap((cell, at) => {
      const column = TITLES.get(squeeze(cell));
      return column ? [[column, at] as const] : [];
    }));
    if (!columns.has('uscc')) continue;
    const missing = REQUIRED[kind].filter((column) => !columns.has(column)).map((column) => COLUMNS[column].title);
    if (missing.length === 0) return { columns, body: rows.slice(index + 1) };
    throw fileFault(`表头缺少：${missing.join('、')}`);
  }
  throw fileFault(`没有找到表头：前 ${TITLE_WITHIN} 行中应有“${COLUMNS.uscc.title}”一列，请使用模板`);
}

const fileFault = (message: string) => new Refusal('INVALID', { detail: message, faults: [{ field: 'file', message }] });

/** Checks every row by itself, all its faults at once; a credit code counts where it first occurs. Pure. */
export function checkRows(rows: SheetRow[], kind: OrganisationKind): { good: ListedRow[]; faults: RowFault[] } {
  const { columns, body } = findColumns(rows, kind);
  const good: ListedRow[] = [];
  const faults: RowFault[] = [];
  const seen = new Map<string, number>();
  for (const { number, cells } of body) {
    const cell = (column: Column) => cells[columns.get(column) ?? -1] ?? '';
    if (cells.every((one) => one === '') || cell('name').startsWith(EXAMPLE_MARK)) continue;
    const wrong: Fault[] = [];
    const row = checkRow(cell, kind, wrong);
    const before = row && seen.get(row.uscc);
    if (before) wrong.push({ field: 'uscc', message: `与第 ${before} 行重复` });
    if (row && wrong.length === 0) {
      seen.set(row.uscc, number);
      good.push({ ...row, row: number });
    }
    faults.push(...wrong.map((fault) => ({ row: number, ...fault })));
  }
  return { good, faults };
}

function checkRow(cell: (column: Column) => string, kind: OrganisationKind, wrong: Fault[]): Omit<ListedRow, 'row'> | null {
  const count = wrong.length;
  const fault = (field: Column, message: string) => void wrong.push({ field, message });
  const uscc = checkCreditCode(cell('uscc'));
  if (!uscc.ok) fault('uscc', uscc.message);
  const phone = checkMobile(cell('phone'));
  if (!phone.ok) fault('phone', phone.message);
  const name = checkText(cell('name'), 'name', fault);
  if (!name) fault('name', '请填写单位名称');
  const contactName = checkText(cell('contactName'), 'contactName', fault);
  const town = checkText(cell('town'), 'town', fault);
  const region = regionOf(cell('region'), kind);
  if (!region) fault('region', cell('region') ? `不认识的县（市、区）：${cell('region').slice(0, 20)}` : '请填写县（市、区）');
  const sector = SECTORS.find(({ key, name: title }) => [key, title].includes(cell('sector')))?.key;
  if (!sector && (kind === 'enterprise' || cell('sector'))) {
    fault('sector', `细分行业应为：${SECTORS.map((one) => one.name).join('、')}`);
  }
  if (wrong.length > count || !uscc.ok || !phone.ok || !region) return null;
  return {
    uscc: uscc.value, phone: phone.value, name, kind, region,
    ...(sector ? { sector } : {}), ...(town ? { town } : {}), ...(contactName ? { contactName } : {}),
  };
}

function checkText(text: string, field: Column, fault: (field: Column, message: string) => void): string {
  if (text.length > 100) fault(field, '最多 100 个字');
  // Control characters have no place in a name; a leading = + - @ would run as a formula in the next spreadsheet it lands in.
  else if (/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text) || /^[=+\-@]/.test(text)) fault(field, '含有不允许的字符');
  return text;
}

/** What people write for the zones. */
const ZONES: Record<string, string> = {
  高新区: '410771', 新乡高新区: '410771', 经开区: '410772', 新乡经开区: '410772', 平原示范区: '410773', 平原新区: '410773',
};
const REGION_NAMES = new Map([
  ...REGIONS.map(({ code, name }) => [name, code as string] as const),
  // 长垣 for 长垣市; 新乡 alone would be the city, not the county.
  ...REGIONS.filter(({ name }) => name.length === 3 && name !== '新乡县').map(({ code, name }) => [name.slice(0, 2), code as string] as const),
  ...Object.entries(ZONES),
]);

/** By name or code. Providers may come from anywhere (公平竞争): then the city itself stands for the county. */
function regionOf(text: string, kind: OrganisationKind): string | undefined {
  if (kind === 'provider' && (text === '' || text === CITY.code || text === CITY.name || /市外|市级|市本级|外地/.test(text))) return CITY.code;
  return REGION_NAMES.get(text) ?? REGION_NAMES.get(text.replace(/^(河南省)?新乡市/, '')) ?? findRegion(text)?.code;
}

const factsOf = ({ uscc, name, kind, region, sector, town }: ListedRow): OrganisationFacts =>
  ({ uscc, name, kind, region, ...(sector ? { sector } : {}), ...(town ? { town } : {}) });

export type PilotList = ReturnType<typeof pilotListService>;

export interface PilotListDeps {
  models: RegisterModels;
  keys: KeyRing;
  city: string;
  organisations: Organisations;
}

export function pilotListService({ models, keys, city, organisations }: PilotListDeps) {
  /**
   * Takes over the bureau's list: good rows are entered or corrected, faulty rows told one by one. The same file twice
   * changes nothing.
   * @param file .xlsx, at most 2 MB and 5,000 rows
   */
  async function importPilotList(file: Buffer, { kind }: { kind: OrganisationKind }): Promise<ImportResult> {
    const { good, faults } = checkRows(await readRows(file, { rows: ROWS_AT_MOST + TITLE_WITHIN, columns: COLUMNS_AT_MOST }), kind);
    const codes = good.map((row) => row.uscc);
    const [entries, orgs] = await Promise.all([
      models.pilotEntries.find({ city, uscc: { $in: codes } }).lean<PilotEntryDoc[]>(),
      models.organisations.find({ city, uscc: { $in: codes } }).lean<OrganisationDoc[]>(),
    ]);
    const known = new Map(entries.map((entry) => [entry.uscc, entry]));
    const registered = new Map(orgs.map((org) => [org.uscc, org]));
    const importId = newId();
    const result: ImportResult = { imported: 0, updated: 0, unchanged: 0, faults };
    for (const row of good) {
      const org = registered.get(row.uscc);
      if (org && org.kind !== kind) {
        faults.push({ row: row.row, field: 'uscc', message: `已登记为${org.kind === 'provider' ? '服务商' : '企业'}` });
        continue;
      }
      const entry = known.get(row.uscc);
      if (entry && org && isSame(entry, row)) {
        result.unchanged += 1;
        continue;
      }
      // The organisation first: a crash in between leaves a row that the next import of the file completes.
      await organisations.fromList(factsOf(row), importId);
      await keepEntry(row, entry, importId);
      result[entry ? 'updated' : 'imported'] += 1;
    }
    faults.sort((a, b) => a.row - b.row);
    return result;
  }

  function isSame(entry: PilotEntryDoc, row: ListedRow): boolean {
    const contactName = entry.contactName && keys.decrypt(entry.contactName, contextOf('pilotEntries', 'contactName', entry._id));
    return entry.kind === row.kind && entry.name === row.name && entry.region === row.region && entry.sector === row.sector
      && entry.town === row.town && entry.phoneIndex === phoneIndexOf(keys, row.phone) && contactName === row.contactName;
  }

  async function keepEntry(row: ListedRow, known: PilotEntryDoc | undefined, importId: string): Promise<void> {
    const id = known?._id ?? newId();
    const { contactName, phone } = row;
    const set = {
      ...factsOf(row), row: row.row, importId,
      phone: keys.encrypt(phone, contextOf('pilotEntries', 'phone', id)), phoneIndex: phoneIndexOf(keys, phone),
      ...(contactName ? { contactName: keys.encrypt(contactName, contextOf('pilotEntries', 'contactName', id)) } : {}),
    };
    const gone = (['contactName', 'sector', 'town'] as const).filter((field) => !row[field]);
    await models.pilotEntries.updateOne(
      { city, uscc: row.uscc },
      { $set: set, $setOnInsert: { _id: id }, ...(gone.length > 0 ? { $unset: Object.fromEntries(gone.map((field) => [field, 1])) } : {}) },
      { upsert: true },
    );
  }

  return { importPilotList };
}

const EXAMPLE: Record<Column, string> = {
  uscc: '91350100M000100Y43', name: `${EXAMPLE_MARK}（导入时跳过）`, region: '长垣市', sector: '起重装备', town: '', contactName: '张某', phone: '13800000000',
};

const text = (value: string) => ({ value, type: String, format: '@' });

/** An empty list to fill in: titles, one example row, and the names to choose from on a second sheet. Cells are text, so that no digit is lost. */
export const pilotListTemplate = (): Promise<Buffer> => (template ??= writeTemplate());
let template: Promise<Buffer> | undefined;

async function writeTemplate(): Promise<Buffer> {
  const columns = Object.keys(COLUMNS) as Column[];
  const title = (value: string) => ({ ...text(value), fontWeight: 'bold' as const });
  return writeXlsxFile([
    {
      sheet: '名单',
      columns: columns.map((column) => ({ width: column === 'name' || column === 'uscc' ? 28 : 18 })),
      stickyRowsCount: 1,
      data: [columns.map((column) => title(COLUMNS[column].title)), columns.map((column) => text(EXAMPLE[column]))],
    },
    {
      sheet: '填写说明',
      columns: [{ width: 30 }, { width: 30 }],
      data: [
        [title('县（市、区）'), title('细分行业')],
        ...Array.from({ length: Math.max(REGIONS.length, SECTORS.length) }, (_, index) =>
          [text(REGIONS[index]?.name ?? ''), text(SECTORS[index]?.name ?? '')]),
      ],
    },
  ]).toBuffer();
}
