import { Router } from '@koa/router';
import Joi from 'joi';
import { mongo } from 'mongoose';
import type { Actor, Role } from '../kernel/actor';
import type { Case } from '../kernel/case';
import { validate } from '../kernel/fields';
import { Refusal } from '../kernel/refusal';
import { STEP_WORDS } from '../vault/routes';
import type { Vault } from '../vault/vault';
import { BREAKS, type Audit } from './audit';

export interface AuditRouteDeps {
  audit: Audit;
  vault: Pick<Vault, 'logPage' | 'logHead'>;
  namesOf(persons: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The case itself; NOT_FOUND for a stranger. */
  find(actor: Actor, no: string): Promise<Case<any>>;
  /** Whether this actor sees every line of it. */
  seesAll(actor: Actor, c: Case<any>): boolean;
  now(): Date;
}

const AUDITORS: readonly Role[] = ['auditor', 'admin', 'director'];
const isAuditor = (actor: Actor): boolean => actor.kind === 'staff' && actor.roles.some((role) => AUDITORS.includes(role));
function mustAudit(actor: Actor): void {
  if (!isAuditor(actor)) throw new Refusal('FORBIDDEN');
}

const casesQuery = Joi.object({
  after: Joi.string().hex().length(24).label('翻页参数'), limit: Joi.number().integer().min(1).max(200).default(100).label('每页案件数'),
});
const openingsQuery = Joi.object({
  before: Joi.number().integer().min(1).label('翻页参数'), limit: Joi.number().integer().min(1).max(100).default(30).label('每页条数'),
});

/**
 * Whether records were kept as they were made. `GET /api/v1/cases/{no}/chain`: one case, for staff who read it and for auditors,
 * administrators and directors · `GET /api/v1/audit/chains`: a page of cases · `GET /api/v1/audit/openings`: the log of opened
 * identities, each line checked. Needs `ctx.state.actor`.
 */
export function auditRoutes({ audit, vault, namesOf, find, seesAll, now }: AuditRouteDeps): Router<{ actor: Actor }> {
  /** The numbers among these that the reader may know: that a report exists is confidential (第十八条). */
  async function readable(actor: Actor, numbers: readonly string[]): Promise<ReadonlySet<string>> {
    const known = await Promise.all([...new Set(numbers)].map((no) => find(actor, no).then(() => [no], (error: unknown) => {
      if (error instanceof Refusal) return [];
      throw error;
    })));
    return new Set(known.flat());
  }

  return new Router<{ actor: Actor }>({ prefix: '/api/v1' })
    .get('/cases/:no/chain', async (ctx) => {
      const { actor } = ctx.state;
      const no = String(ctx.params['no']);
      if (actor.kind !== 'staff') throw new Refusal('NOT_FOUND');
      const c = isAuditor(actor) ? await audit.find(no) : await find(actor, no);
      if (!c) throw new Refusal('NOT_FOUND');
      ctx.body = { ...audit.verdictOn(c, seesAll(actor, c)), checkedAt: now().toISOString() };
    })
    .get('/audit/chains', async (ctx) => {
      mustAudit(ctx.state.actor);
      const { after, limit } = validate<{ after?: string; limit: number }>(casesQuery, ctx.query);
      const { last, ...page } = await audit.checkPage({ limit, ...(after ? { after: new mongo.ObjectId(after) } : {}) });
      ctx.body = { ...page, next: last?.toHexString() ?? null, checkedAt: now().toISOString() };
    })
    .get('/audit/openings', async (ctx) => {
      const { actor } = ctx.state;
      mustAudit(actor);
      const { before, limit } = validate<{ before?: number; limit: number }>(openingsQuery, ctx.query);
      const [{ items, more }, head] = await Promise.all([vault.logPage({ limit, ...(before ? { before } : {}) }), vault.logHead()]);
      const [names, own] = await Promise.all([namesOf(items.map(({ line }) => line.by)), readable(actor, items.map(({ line }) => line.caseNo))]);
      const mayKnowWhy = actor.roles.includes('auditor');
      ctx.body = {
        head,
        items: items.map(({ line: { seq, at, step, openingId, caseNo, by, reason, hash }, fault }) => ({
          seq, at: at.toISOString(), step, inWords: STEP_WORDS[step], opening: openingId.slice(0, 8), by: step === 'erased' ? '系统' : names.get(by) ?? '',
          // A reason may say what the report is about: for whoever may read the case, and for the auditor who judges it.
          no: own.has(caseNo) ? caseNo : null, reason: own.has(caseNo) || mayKnowWhy ? reason ?? null : null,
          hash, broken: fault && { reason: fault, inWords: BREAKS[fault] },
        })),
        next: more ? items.at(-1)!.line.seq : null,
      };
    });
}
