import { Button } from 'tdesign-vue-next';
import { defineComponent, onScopeDispose, ref } from 'vue';
import { RouterLink } from 'vue-router';
import type { OpeningStatusView } from '../../vault/routes';
import { get } from '../api';
import { load } from '../load';
import { ApproveOpening } from '../parts/approve-opening';
import { openingFacts } from '../parts/identity';
import { Empty, staleNote, standIn } from '../parts/states';

const LOOK_EVERY_MS = 15_000;

/** Requests to see a reporter's identity that wait for this handler's agreement (第十八条). */
export default defineComponent({
  name: 'IdentityPage',
  setup() {
    const list = load(() => get<{ items: OpeningStatusView[] }>('/api/v1/identity/openings'));
    const timer = setInterval(() => { if (!document.hidden) void list.reload(); }, LOOK_EVERY_MS);
    onScopeDispose(() => clearInterval(timer));
    const deciding = ref<OpeningStatusView | null>(null);

    return () => (
      <div class="page page-narrow">
        <div class="page-head"><h1>身份查看</h1><p class="quiet">同案承办人员申请查看举报人身份的，须经您批准。</p></div>
        {staleNote(list)}
        {standIn(list, list.value !== null) ?? (list.value!.items.length === 0
          ? <section class="card"><Empty title="没有等您批准的申请" hint="您承办过的举报有人申请查看身份时，会出现在这里" /></section>
          : list.value!.items.map((opening) => (
            <section key={opening.id} class="card" aria-label={`${opening.no} 的身份查看申请`}>
              <h2 class="card-title"><RouterLink class="link no" to={`/cases/${opening.no}`}>{opening.no}</RouterLink></h2>
              <p class="opening-reason">{opening.reason}</p>
              {openingFacts(opening)}
              <p class="opening-ask"><Button onClick={() => { deciding.value = opening; }}>批准查看</Button></p>
            </section>
          )))}
        <p class="quiet page-foot">不同意的，不必操作：24 小时内无人批准即失效。申请、批准和查看都记入案件，申请和查看还会告知举报人。</p>
        {deciding.value ? <ApproveOpening opening={deciding.value} onClose={() => { deciding.value = null; }} onDone={() => { deciding.value = null; void list.reload(); }} /> : null}
      </div>
    );
  },
});
