import regionsJson from './data/regions.json';
import sectorsJson from './data/sectors.json';
import { frozen } from './frozen';

export type RegionCode = keyof typeof regionsJson.regions;
export interface Region {
  readonly code: RegionCode;
  readonly name: string;
  readonly kind: string;
  /** False for the functional zones (功能区), whose codes are statistical and occur in no ID number or credit code. */
  readonly administrative: boolean;
  /** Towns and sub-districts by nine-digit code. Source: statistics bureau, cut-off 2023-06-30. */
  readonly towns: Readonly<Record<string, string>>;
}

export type SectorKey = keyof typeof sectorsJson;
/** A pilot sub-sector (细分行业). The mapping to GB/T 4754-2017 codes is our proposal; the official list decides. */
export interface Sector {
  readonly key: SectorKey;
  readonly name: string;
  readonly standard: string;
  readonly codes: Readonly<Record<string, string>>;
  readonly core: readonly string[];
}

export const CITY = frozen(regionsJson.city);
/** The twelve counties, cities and districts and the three functional zones; each recommends and checks for itself (article 9). */
export const REGIONS: readonly Region[] = frozen(
  Object.entries(regionsJson.regions).map(([code, region]) => ({ code: code as RegionCode, ...region })),
);
/** The four sub-sectors the city's plan names. */
export const SECTORS: readonly Sector[] = frozen(
  Object.entries(sectorsJson).map(([key, sector]) => ({ key: key as SectorKey, ...sector })),
);

const former: Readonly<Record<string, { name: string; replacedBy: string | null }>> = regionsJson.formerCodes;

/** By code, a code no longer issued included (长垣县 410728 lives on in old numbers). */
export function findRegion(code: string): Region | undefined {
  const current = Object.hasOwn(former, code) ? former[code]!.replacedBy : code;
  return REGIONS.find((region) => region.code === current);
}
export const findSector = (key: string): Sector | undefined => SECTORS.find((sector) => sector.key === key);
