import { createHash } from 'node:crypto';
import { Router } from '@koa/router';
import type { Context } from 'koa';
import type { Actor } from '../kernel/actor';
import { invalid, Refusal } from '../kernel/refusal';
import { articleInWords, isArticleNo, UNREGULATED, type Article } from './articles';
import type { ParameterChange } from './amendment';
import { shippedHolidays } from './calendar';
import type { OfficialTextStore } from './official-text';
import { shippedParameter, STATUS_LABELS, UNIT_LABELS, valueInWords, type Deadline, type Setting } from './parameters';
import { CITY } from './places';
import type { Rulebook } from './rulebook';
import type { RulebookStore } from './store';

export interface RulebookRouteDeps {
  rulebooks: RulebookStore;
  officialText: Pick<OfficialTextStore, 'quote' | 'source'>;
}

/** Arrangements are published a year ahead; looked for over a span that outlasts the measures. */
const YEARS = Array.from({ length: 40 }, (_, i) => 2020 + i);

/**
 * The rules as everybody may read them: `GET /api/v1/rulebook` · `/rulebook/articles/{no}` · `/rulebook/metrics` ·
 * `/rulebook/calendar/{year}` · `/regions` · `/sectors`. Each answer carries an ETag and is asked for again only by it.
 */
export function rulebookRoutes({ rulebooks, officialText }: RulebookRouteDeps): Router {
  return new Router({ prefix: '/api/v1' })
    .get('/rulebook', async (ctx) => {
      const rulebook = await rulebooks.current();
      answer(ctx, rulebook, { ...rulebookView(rulebook), officialText: await officialText.source().then((source) => source && { sha256: source.sha256, fileName: source.fileName, at: source.at }) });
    })
    .get('/rulebook/articles/:no', async (ctx) => {
      const no = String(ctx.params['no']);
      if (!isArticleNo(no)) throw new Refusal('NOT_FOUND', { detail: '办法中没有这一条' });
      const rulebook = await rulebooks.current();
      answer(ctx, rulebook, await articleView(rulebook, rulebook.article(no)));
    })
    .get('/rulebook/metrics', async (ctx) => {
      const rulebook = await rulebooks.current();
      answer(ctx, rulebook, rulebook.metrics);
    })
    .get('/rulebook/calendar/:year', async (ctx) => {
      const rulebook = await rulebooks.current();
      const year = String(ctx.params['year']);
      if (!YEARS.includes(Number(year))) throw new Refusal('NOT_FOUND', { detail: '没有这一年的日历' });
      answer(ctx, rulebook, yearView(rulebook, year));
    })
    .get('/regions', async (ctx) => {
      const rulebook = await rulebooks.current();
      answer(ctx, rulebook, { city: CITY, items: rulebook.regions });
    })
    .get('/sectors', async (ctx) => {
      const rulebook = await rulebooks.current();
      answer(ctx, rulebook, { items: rulebook.sectors });
    });

  /** Our own words, the numbers that serve the article, and the official wording where an operator has loaded it. */
  async function articleView(rulebook: Rulebook, article: Article) {
    const [official, source] = await Promise.all([officialText.quote(article.no), officialText.source()]);
    const { no, chapter, chapterTitle, title, summary, answer: plain } = article;
    const [parent] = no.split('.');
    return {
      no, inWords: articleInWords(no), chapter, chapterTitle, title, summary, answer: plain,
      items: rulebook.articles.filter((item) => item.no.startsWith(`${no}.`)).map((item) => ({ no: item.no, inWords: articleInWords(item.no), title: item.title, summary: item.summary })),
      partOf: parent === no ? null : parent,
      parameters: rulebook.parameters.filter((parameter) => parameter.article === no && parameter.used !== false).map(parameterView),
      leftOpen: UNREGULATED.filter((topic) => topic.article === no).map((topic) => ({ id: topic.id, answer: topic.answer })),
      official: official && source ? { text: official, sha256: source.sha256, fileName: source.fileName } : null,
    };
  }
}

export interface RulebookStaffDeps {
  rulebooks: RulebookStore;
  /** Names of the people who amended, by id. */
  namesOf(persons: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/**
 * For the bureau: `GET /api/v1/rulebook/history` (staff) · `POST /api/v1/rulebook` (admin): `{ parameters, holidays, reason, from, on }`, or
 * `{ takesBack: true, reason }`. Needs `ctx.state.actor` and a parsed body.
 */
export function rulebookStaffRoutes({ rulebooks, namesOf }: RulebookStaffDeps): Router<{ actor: Actor }> {
  return new Router<{ actor: Actor }>({ prefix: '/api/v1/rulebook' })
    .get('/history', async (ctx) => {
      if (ctx.state.actor.kind !== 'staff') throw new Refusal('FORBIDDEN');
      const items = await rulebooks.history();
      const names = await namesOf(items.flatMap(({ by }) => by ?? []));
      ctx.body = { items: items.map(({ by, parameters, ...revision }) => ({ ...revision, ...(by ? { by: names.get(by) ?? '' } : {}), parameters: parameters.map(changeView) })) };
    })
    .post('/', async (ctx) => {
      const { actor } = ctx.state;
      if (actor.kind !== 'staff' || !actor.roles.includes('admin')) throw new Refusal('FORBIDDEN');
      const { reason, from, takesBack, on, ...amendment } = bodyOf(ctx);
      if (takesBack !== undefined && takesBack !== true) throw invalid('takesBack', '撤回应为 true');
      if (takesBack && (from !== undefined || Object.keys(amendment).length > 0)) throw invalid('takesBack', '撤回不能同时修改其他内容');
      if (on !== undefined && !Number.isInteger(on)) throw invalid('on', '版本应为整数');
      // The terms are checked where they take effect, a day of any form included.
      const terms = { ...(from === undefined ? {} : { from: from as string }), ...(takesBack ? { takesBack } : {}), ...(on === undefined ? {} : { on: on as number }) };
      const rulebook = await rulebooks.amend(actor, amendment, reason as string, terms);
      ctx.status = 201;
      ctx.body = rulebookView(rulebook);
    });
}

/** Old and new value, in words with their unit. */
function changeView(change: ParameterChange) {
  const { unit } = shippedParameter(change.id);
  return {
    ...change, articleInWords: change.article && articleInWords(change.article),
    fromInWords: valueInWords({ value: change.from, unit }), toInWords: valueInWords({ value: change.to, unit }),
  };
}

const days = (of: Readonly<Record<string, string>> = {}) => Object.entries(of).map(([date, name]) => ({ date, name })).toSorted((a, b) => (a.date < b.date ? -1 : 1));

const yearView = ({ holidays, calendar }: Rulebook, year: string) => ({
  year: Number(year), published: calendar.isPublished(Number(year)), calendar: calendar.version,
  /** Entered here, or part of the release. */
  entered: holidays[year] !== undefined && holidays[year] !== shippedHolidays[year],
  off: days(holidays[year]?.off), work: days(holidays[year]?.work),
});

function bodyOf(ctx: Context): Record<string, unknown> {
  const body = (ctx.request as { body?: unknown }).body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal('MALFORMED');
  return body as Record<string, unknown>;
}

/** Anybody may keep it and must ask whether it still holds; the version in the tag is the one the answer rests on. */
function answer(ctx: Context, { version }: Rulebook, value: object): void {
  const body = JSON.stringify(value);
  ctx.status = 200;
  ctx.set('Cache-Control', 'public, no-cache');
  const tag = `"v${version}-${createHash('sha256').update(body).digest('base64url').slice(0, 12)}"`;
  ctx.set('ETag', tag);
  // Not `ctx.fresh`: it sends the body again to clients that say no-cache, which only means that they want to be told.
  if (ctx.get('If-None-Match').split(',').some((known) => known.trim().replace(/^W\//, '') === tag)) {
    ctx.status = 304;
    return;
  }
  ctx.type = 'application/json';
  ctx.body = body;
}

export type RulebookView = ReturnType<typeof rulebookView>;
export type ParameterView = ReturnType<typeof parameterView>;
export type YearView = ReturnType<typeof yearView>;

const rulebookView = (rulebook: Rulebook) => ({
  version: rulebook.version,
  calendar: { version: rulebook.calendar.version, years: YEARS.filter((year) => rulebook.calendar.isPublished(year)) },
  articles: rulebook.articles.map(({ no, chapter, chapterTitle, title, summary }) => ({ no, inWords: articleInWords(no), chapter, chapterTitle, title, summary })),
  parameters: rulebook.parameters.map(parameterView),
});

const parameterView = (parameter: Deadline | Setting) => ({
  id: parameter.id, label: parameter.label, value: parameter.value, unit: parameter.unit, unitLabel: UNIT_LABELS[parameter.unit], inWords: valueInWords(parameter),
  anchor: 'anchor' in parameter ? parameter.anchor : null,
  status: parameter.status, statusLabel: STATUS_LABELS[parameter.status], source: parameter.source, note: parameter.note,
  article: parameter.article, articleInWords: parameter.article && articleInWords(parameter.article),
  min: parameter.min, max: parameter.max, configurable: parameter.configurable,
  /** False: nothing reads it yet. */
  used: parameter.used ?? true,
});
