import { Router } from '@koa/router';
import Joi from 'joi';
import type { Actor } from '../kernel/actor';
import { validate } from '../kernel/fields';
import { Refusal } from '../kernel/refusal';
import { articleInWords, isArticleNo } from '../rulebook/articles';
import type { directory, ProviderEntry, RegisterQuery } from './directory';

type Directory = Pick<ReturnType<typeof directory>, 'publicRegister' | 'provider'>;

const STANDINGS = { candidate: '待遴选', listed: '在库', removed: '已退出' } as const;

const registerQuery = Joi.object({
  sector: Joi.string().max(40).label('细分行业'), standing: Joi.string().valid('listed', 'removed').label('资格'), name: Joi.string().trim().min(1).max(40).label('名称'),
  after: Joi.string().max(200).label('翻页参数'), limit: Joi.number().integer().min(1).max(100).default(20).label('每页条数'),
});

/** How much a provider has carried through, as the public may know it. */
export interface RecordLine { procedure: string; label: string; count: number }
export type RecordOf = (provider: string) => Promise<RecordLine[]>;

export type ProviderPageView = ReturnType<typeof view> & { record: RecordLine[] };

/** The register of providers, for anybody: `GET /api/v1/providers` (by a part of the name, sub-sector, standing) · `GET …/{id}`, with its record. */
export function providerRoutes(people: Directory, recordOf: RecordOf): Router {
  return new Router({ prefix: '/api/v1' })
    .get('/providers', async (ctx) => {
      ctx.body = await people.publicRegister(validate<RegisterQuery>(registerQuery, ctx.query));
    })
    .get('/providers/:id', async (ctx) => {
      const found = await entry(people, ctx.params['id']);
      ctx.body = { ...view(found, new Set()), record: await recordOf(found.id) } satisfies ProviderPageView;
    });
}

/** The same for staff, with the cases behind each change: `GET /api/v1/providers/{id}/standing`. `find` refuses a case to a stranger. */
export function providerStaffRoutes(people: Directory, find: (actor: Actor, no: string) => Promise<unknown>): Router<{ actor: Actor }> {
  return new Router<{ actor: Actor }>({ prefix: '/api/v1' }).get('/providers/:id/standing', async (ctx) => {
    const { actor } = ctx.state;
    if (actor.kind !== 'staff') throw new Refusal('FORBIDDEN');
    const found = await entry(people, ctx.params['id']);
    // A removal may rest on a report, which exists only for those who may read it (第十八条).
    const known = await Promise.all(found.history.filter(({ no }) => !isImport(no)).map(({ no }) => find(actor, no).then(() => [no], (error: unknown) => {
      if (error instanceof Refusal) return [];
      throw error;
    })));
    ctx.body = view(found, new Set(known.flat()));
  });
}

async function entry(people: Directory, id: string | undefined): Promise<ProviderEntry> {
  const found = await people.provider(String(id));
  if (!found) throw new Refusal('NOT_FOUND', { detail: '服务商库中没有这家单位' });
  return found;
}

const isImport = (no: string): boolean => no.startsWith('import:');

export type ProviderView = ReturnType<typeof view>;

/** @param known numbers of the cases this reader may open */
const view = ({ history, ...provider }: ProviderEntry, known: ReadonlySet<string>) => ({
  ...provider, standingInWords: STANDINGS[provider.standing],
  history: history.map(({ standing, at, article, no }) => ({
    standing, inWords: STANDINGS[standing], at, article, articleInWords: article && isArticleNo(article) ? articleInWords(article) : null,
    /** Taken over from the bureau's list, without a case. */
    imported: isImport(no), no: known.has(no) ? no : null,
  })).toReversed(),
});
