import type { Actor } from '../kernel/actor';
import type { Kernel } from '../kernel/kernel';
import type { OrgFacts } from '../kernel/look';
import { Refusal } from '../kernel/refusal';
import type { CaseView } from '../kernel/view';
import type { ArticleNo } from '../rulebook/articles';
import type { ProviderPage, RegisterQuery } from '../register/directory';
import type { Organisation, Want } from './context';
import { organisationsIn, registerFor } from './register';

export interface LookUpDeps {
  kernel: Kernel;
  people: {
    listedProviders(sector?: string): Promise<OrgFacts[]>; organisation(id: string): Promise<OrgFacts | null>; publicRegister(query: RegisterQuery): Promise<ProviderPage>;
  };
  /** The official wording of an article; null where none is loaded. */
  quote(no: ArticleNo): Promise<string | null>;
}

const LATEST = 10;
/** A city lists some hundreds of providers. */
const REGISTER_MAX = 500;

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
      case 'providers': return registerFor(key, (await people.publicRegister({ limit: REGISTER_MAX })).items);
      case 'quote': return quote(key as ArticleNo);
    }
  };
}
