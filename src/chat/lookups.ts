import type { Actor } from '../kernel/actor';
import type { Kernel } from '../kernel/kernel';
import type { OrgFacts } from '../kernel/look';
import { Refusal } from '../kernel/refusal';
import type { CaseView } from '../kernel/view';
import type { ArticleNo } from '../rulebook/articles';
import type { Organisation, Want } from './context';
import { normalise } from './text';

export interface LookUpDeps {
  kernel: Kernel;
  people: { listedProviders(sector?: string): Promise<OrgFacts[]>; organisation(id: string): Promise<OrgFacts | null> };
  /** The official wording of an article; null where none is loaded. */
  quote(no: ArticleNo): Promise<string | null>;
}

const LATEST = 10;

/** Answers what a turn asks to know, with the eyes of the actor: what they may not read is not there. */
export function createLookUps({ kernel, people, quote }: LookUpDeps) {
  async function read(actor: Actor, no: string): Promise<CaseView | null> {
    try {
      return await kernel.read(actor, no);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }

  const readAll = async (actor: Actor, nos: readonly string[]): Promise<CaseView[]> =>
    (await Promise.all(nos.map((no) => read(actor, no)))).filter((view) => view !== null);

  async function organisations(key: string): Promise<Organisation[]> {
    if (key.startsWith('#')) {
      const org = await people.organisation(key.slice(1));
      return org?.kind === 'provider' ? [{ id: org.id, name: org.name }] : [];
    }
    const listed = (await people.listedProviders()).map(({ id, name }) => ({ id, name }));
    return key === '' ? listed.slice(0, LATEST) : organisationsIn(key, listed);
  }

  return async function lookUp(actor: Actor, { look, key }: Want): Promise<unknown> {
    switch (look) {
      case 'waiting': return readAll(actor, (await kernel.list(actor, { waiting: 'me', limit: LATEST })).items.map(({ no }) => no));
      case 'mine': return (await kernel.list(actor, { limit: LATEST })).items;
      case 'procedure': return readAll(actor, (await kernel.list(actor, { procedure: key, limit: LATEST })).items.map(({ no }) => no));
      case 'case': return read(actor, key);
      case 'organisations': return organisations(key);
      case 'quote': return quote(key as ArticleNo);
    }
  };
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
export function organisationsIn(text: string, listed: readonly Organisation[]): Organisation[] {
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
