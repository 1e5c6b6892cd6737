import { onScopeDispose, reactive, watch } from 'vue';
import type { FieldDescription } from '../../kernel/fields';
import { session } from '../session';
import { blanks, isUntouched, typed, type TypedValues } from './values';

const SAVE_AFTER_MS = 300;
const keyOf = (name: string): string => `szt-draft:${session.me?.person.id ?? ''}:${name}`;

/**
 * Typed values that survive leaving the page, a reload and an expired session; gone with the tab. Personal data is never kept.
 * @param given what stands in the fields at first, as the server holds it; a draft goes before it
 */
export function useDraft(name: string, fields: readonly FieldDescription[], given: Record<string, unknown> = {}) {
  const key = keyOf(name);
  const start: TypedValues = { ...blanks(fields), ...typed(fields, given) };
  const atFirst = JSON.stringify(start);
  const isOwn = (): boolean => !isUntouched(start) || !isUntouched(values);
  const kept = read(key);
  const values = reactive<TypedValues>({ ...start, ...Object.fromEntries(Object.entries(kept ?? {}).filter(([field]) => field in start)) });
  const secret = new Set(fields.filter(({ kind }) => kind === 'sensitive').map((field) => field.name));
  let timer: ReturnType<typeof setTimeout> | undefined;

  const save = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!isOwn() || JSON.stringify(values) === atFirst) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(Object.entries(values).filter(([field]) => !secret.has(field)))));
  };
  const stop = watch(values, () => { timer ??= setTimeout(save, SAVE_AFTER_MS); }, { deep: true });
  onScopeDispose(() => { if (timer) save(); });

  function drop(): void {
    stop();
    clearTimeout(timer);
    timer = undefined;
    sessionStorage.removeItem(key);
  }
  return { values, restored: kept !== null, drop };
}

function read(key: string): TypedValues | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as TypedValues | null;
  } catch {
    return null;
  }
}

export const hasDraft = (name: string): boolean => sessionStorage.getItem(keyOf(name)) !== null;
