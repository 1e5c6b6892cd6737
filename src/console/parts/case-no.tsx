import { defineComponent, inject } from 'vue';
import { RouterLink } from 'vue-router';
import { CLOSED_CASES } from './case-context';

/** The number of a case, as a link where it leads somewhere. */
export const CaseNo = defineComponent({
  name: 'CaseNo',
  props: { no: { type: String, required: true } },
  setup(props) {
    const closed = inject(CLOSED_CASES, null);
    return () => (closed?.value.has(props.no) ? <span class="no">{props.no}</span> : <RouterLink class="link no" to={`/cases/${props.no}`}>{props.no}</RouterLink>);
  },
});
