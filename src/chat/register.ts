import type { PublicProvider } from '../register/directory';
import { findRegion, REGIONS, SECTORS } from '../rulebook/places';
import type { Organisation } from './context';
import { normalise } from './text';
import { optionsIn } from './values';

/** What words ask of the public register, found there. */
export interface RegisterFound {
  /** `name`: the words name them; `part`: they hold a part of a name; `kind`: of a sub-sector or a county; `all`: neither was said. */
  by: 'name' | 'part' | 'kind' | 'all';
  /** Sub-sector and county as they are called; '' unless by `kind`. */
  of: string;
  /** Those shown, in the order of names. */
  items: PublicProvider[];
  total: number;
}

const SHOWN_MAX = 5;
const choicesOf = (name: string, options: readonly { value: string; label: string }[]) => ({ name, label: name, kind: 'choices' as const, required: false, options: [...options] });
const BY_SECTOR = choicesOf('sector', SECTORS.map(({ key, name }) => ({ value: key, label: name })));
const BY_REGION = choicesOf('region', REGIONS.map(({ code, name }) => ({ value: code, label: name })));

/** A provider that is named is shown wherever it stands; of a kind, only those listed: whoever looks for one wants one that may deliver (第十条). */
export function registerFor(text: string, register: readonly PublicProvider[]): RegisterFound {
  const named = organisationsIn(text, register);
  if (named.length > 0) return { by: named.every(({ name }) => isNamed(text, name)) ? 'name' : 'part', of: '', items: named.slice(0, SHOWN_MAX), total: named.length };
  const sectors = optionsIn(text, BY_SECTOR, false);
  const regions = optionsIn(text, BY_REGION, false);
  const listed = register.filter(({ standing, sector, region }) => standing === 'listed'
    && (sectors.length === 0 || sectors.includes(sector ?? '')) && (regions.length === 0 || regions.includes(findRegion(region)?.code ?? '')));
  const of = [...regions.map((code) => findRegion(String(code))!.name), ...BY_SECTOR.options.filter(({ value }) => sectors.includes(value)).map(({ label }) => label)].join('、');
  return { by: of === '' ? 'all' : 'kind', of, items: listed.slice(0, SHOWN_MAX), total: listed.length };
}

/** Characters that make what people call a company more than a word of the language. */
const NAME_MIN = 3;
function isNamed(text: string, name: string): boolean {
  const core = normalise(coreOf(name));
  return core.length >= NAME_MIN && normalise(text).replaceAll(/\s/gu, '').includes(core);
}

const PLACE = /^(?:中国)?(?:河南省?|北京市?|上海市?|深圳市?|广东省?|郑州市?)?(?:新乡市?|长垣市?|郑州市?)?(?:[\p{Script=Han}]{2}(?:县|区))?/u;
const FORM = /(?:集团)?(?:股份)?有限(?:责任)?公司$|集团$|公司$/u;
const TRADE = /(?:信息技术|数字科技|网络科技|智能科技|科技|技术|软件|信息|智能|服务|咨询)+$/u;

/** The part of a name people use: without place, legal form and trade. */
function coreOf(name: string): string {
  const inner = name.replace(PLACE, '').replace(FORM, '');
  const core = inner.replace(TRADE, '');
  return core.length >= 2 ? core : inner;
}

/** Organisations the words name: by full name, by its core, or by some characters of it. The fullest match wins. */
export function organisationsIn<O extends Organisation>(text: string, listed: readonly O[]): O[] {
  const said = normalise(text).replaceAll(/\s/gu, '');
  const asked = said.replace(/^(?:是|叫|就是|名字是|名称是|我要投诉|选|找|换成)+/u, '').replace(/(?:公司|这家|吧|的|。|，)+$/u, '');
  const scored = listed.map((org) => {
    const name = normalise(org.name).replaceAll(/\s/gu, '');
    const core = normalise(coreOf(org.name));
    const inner = name.replace(FORM, '').replace(PLACE, '');
    const length = said.includes(name) ? name.length + 100
      : inner.length >= 2 && said.includes(inner) ? inner.length + 50
        : core.length >= 2 && said.includes(core) ? core.length
          : asked.length >= 2 && asked.length <= 20 && name.includes(asked) ? asked.length : 0;
    return { org, length };
  }).filter(({ length }) => length > 0);
  const best = Math.max(0, ...scored.map(({ length }) => length));
  return scored.filter(({ length }) => length === best).map(({ org }) => org);
}
