import { defineComponent, inject, type ComputedRef, type InjectionKey } from 'vue';
import { RouterLink } from 'vue-router';

/** Numbers of other cases that stand in the open one and that this reader may not open: an expert asked about a plan cannot read its diagnosis. */
export const CLOSED_CASES: InjectionKey<ComputedRef<ReadonlySet<string>>> = Symbol('closed cases');

/** The number of a case, as a link where it leads somewhere. */
export const CaseNo = defineComponent({
  name: 'CaseNo',
  props: { no: { type: String, required: true } },
  setup(props) {
    const closed = inject(CLOSED_CASES, null);
    return () => (closed?.value.has(props.no) ? <span class="no">{props.no}</span> : <RouterLink class="link no" to={`/cases/${props.no}`}>{props.no}</RouterLink>);
  },
});
