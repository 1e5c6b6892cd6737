import type { ComputedRef, InjectionKey } from 'vue';

/** The data of the case on the page, for parts that are filled in or read beside what is known already. */
export const CASE_DATA: InjectionKey<ComputedRef<Record<string, unknown>>> = Symbol('case data');

/** Numbers of other cases that stand in the open one and that this reader may not open: an expert asked about a plan cannot read its diagnosis. */
export const CLOSED_CASES: InjectionKey<ComputedRef<ReadonlySet<string>>> = Symbol('closed cases');
