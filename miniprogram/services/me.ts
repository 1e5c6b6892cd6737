import { api } from './api';
import { Problem } from './client';
import type { CaseView, Me } from './types';

let known: Me | null = null;

/** Who I am and for whom I act; asked once, and again where it may have changed. */
export async function whoAmI({ anew = false } = {}): Promise<Me> {
  if (!known || anew) known = await api.me();
  return known;
}

export const remember = (me: Me): Me => { known = me; return me; };

export const actingName = ({ acting, organisations }: Me): string =>
  organisations.find(({ id }) => id === acting.org)?.name ?? '个人（公众）';
export const actingRole = ({ acting }: Me): string => acting.roles[0] ?? 'citizen';
/** Where drafts and lists of one party are kept apart from those of another. */
export const actingKey = ({ acting }: Me): string => acting.org ?? 'self';

/**
 * A case for a party other than the one I act for now, as a card or an old link may name it: I act for whichever of mine may read it. Answers
 * its name when that changed; NOT_FOUND where none of them may, and I act as before.
 */
export async function caseOfMine(no: string): Promise<{ view: CaseView; now: string | null }> {
  try {
    return { view: await api.case(no), now: null };
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'NOT_FOUND') throw error;
    const me = await whoAmI();
    const others = [...me.organisations.map(({ id, kind }) => ({ id, role: kind as string })), { id: null, role: 'citizen' }].filter(({ id }) => id !== me.acting.org);
    for (const { id, role } of others) {
      const acting = remember(await api.actFor(role, id ?? undefined));
      const view = await api.case(no).catch(() => null);
      if (view) return { view, now: actingName(acting) };
    }
    if (others.length > 0) remember(await api.actFor(actingRole(me), me.acting.org ?? undefined));
    throw error;
  }
}
