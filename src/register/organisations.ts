import { Refusal } from '../kernel/refusal';
import type { Cause, OrganisationDoc, OrganisationKind, Standing } from './documents';
import { isDuplicate, newId, type RegisterModels } from './models';

export type Organisations = ReturnType<typeof organisationService>;

/** What claims and imports know about an organisation. */
export interface OrganisationFacts {
  uscc: string;
  name: string;
  kind: OrganisationKind;
  region: string;
  sector?: string;
  town?: string;
}

export function organisationService({ models, city, clock }: { models: RegisterModels; city: string; clock: () => Date }) {
  const get = (id: string): Promise<OrganisationDoc | null> =>
    models.organisations.findOne({ _id: id, city }).lean<OrganisationDoc>().exec();

  const byUscc = (uscc: string): Promise<OrganisationDoc | null> =>
    models.organisations.findOne({ city, uscc }).lean<OrganisationDoc>().exec();

  /**
   * Finds the organisation of a credit code or enters it. A provider nobody listed starts as a candidate; what is already
   * entered stays as it is.
   */
  const ensure = (facts: OrganisationFacts): Promise<OrganisationDoc> =>
    enter(facts, facts.kind === 'provider' ? { standing: 'candidate' } : {});

  async function enter(facts: OrganisationFacts, first: Partial<OrganisationDoc>): Promise<OrganisationDoc> {
    const known = await byUscc(facts.uscc);
    if (known) return sameKind(known, facts);
    try {
      const entered = await models.organisations.create({ ...facts, ...first, _id: newId(), city, createdAt: clock() });
      return entered.toObject();
    } catch (error) {
      const other = isDuplicate(error) ? await byUscc(facts.uscc) : null;
      if (other) return sameKind(other, facts);
      throw error;
    }
  }

  /** Enters or corrects an organisation from the bureau's own list. A provider's standing is given once, on entering. */
  async function fromList(facts: OrganisationFacts, importId: string): Promise<void> {
    const listed = { standing: 'listed', at: clock(), no: `import:${importId}`, seq: 0 } as const;
    const entered = await enter(facts, facts.kind === 'provider' ? { standing: 'listed', standingHistory: [listed] } : {});
    const { name, region, sector, town } = facts;
    await models.organisations.updateOne({ _id: entered._id, city }, {
      $set: { name, region, ...(sector ? { sector } : {}), ...(town ? { town } : {}), pilot: facts.kind === 'enterprise' },
    });
  }

  /**
   * Changes the standing of a provider (articles 10, 16, 18). Only cases call this; the same cause changes it once, however
   * often it is delivered. Answers the standing that the cause found, the same each time.
   */
  async function setStanding(id: string, standing: Standing, cause: Cause): Promise<{ provider: OrganisationDoc; before: Standing }> {
    await models.organisations.updateOne(
      { _id: id, city, kind: 'provider', standingHistory: { $not: { $elemMatch: { no: cause.no, seq: cause.seq } } } },
      { $set: { standing }, $push: { standingHistory: { standing, at: clock(), ...cause } } },
    );
    const provider = await get(id);
    if (provider?.kind !== 'provider') throw new Refusal('NOT_FOUND');
    const line = provider.standingHistory.findIndex(({ no, seq }) => no === cause.no && seq === cause.seq);
    return { provider, before: provider.standingHistory[line - 1]?.standing ?? 'candidate' };
  }

  return { get, byUscc, ensure, fromList, setStanding };
}

function sameKind(known: OrganisationDoc, facts: OrganisationFacts): OrganisationDoc {
  if (known.kind === facts.kind) return known;
  throw new Refusal('CONFLICT', { detail: `该统一社会信用代码已登记为${known.kind === 'provider' ? '服务商' : '企业'}` });
}
