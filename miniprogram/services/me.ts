import { api } from './api';
import type { Me } from './types';

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
