import { Button } from 'tdesign-vue-next';
import { defineComponent, onScopeDispose, ref } from 'vue';
import type { OpeningStatusView } from '../../vault/routes';
import { get, isProblem, post } from '../api';
import { moment } from '../format';
import { load } from '../load';
import { ApproveOpening } from './approve-opening';
import { TextBox } from './box';
import { IdentityView, type Identity } from './identity-view';
import { Modal } from './modal';
import { complain, said } from './states';

const LOOK_EVERY_MS = 10_000;
const REASON = { min: 8, max: 300 };

const STATES: Record<OpeningStatusView['state'], [words: string, tone: string]> = { waiting: ['待另一人批准', 'tag-warning'], open: ['已批准', 'tag-success'], lapsed: ['已失效', 'tag-quiet'] };
const stateOf = ({ state, looks }: OpeningStatusView): [words: string, tone: string] => (state === 'lapsed' && looks > 0 ? ['已查看', 'tag-quiet'] : STATES[state]);

/** One opening: why, who asked, who agreed, how often it was used. */
export const openingFacts = ({ requestedAt, requestedBy, requestedByMe, approvedAt, approvedBy, approvedByMe, looks, until, state }: OpeningStatusView) => (
  <dl class="facts">
    <dt>申请</dt><dd>{requestedByMe ? '本人' : requestedBy}　{moment(requestedAt)}</dd>
    <dt>批准</dt><dd>{approvedAt ? <>{approvedByMe ? '本人' : approvedBy}　{moment(approvedAt)}</> : '—'}</dd>
    <dt>查看</dt><dd>{looks > 0 ? `${looks} 次` : '未查看'}{until && state !== 'lapsed' ? <span class="quiet">　{state === 'open' ? '可查看至' : '有效至'} {moment(until)}</span> : null}</dd>
  </dl>
);

/**
 * The reporter's identity on the page of a report (第十八条): asked for with a reason, agreed to by another handler, looked at by the
 * first; all of it recorded and told to the reporter. What is seen lives in the dialog that shows it and nowhere else.
 */
export const IdentityPanel = defineComponent({
  name: 'IdentityPanel',
  props: { no: { type: String, required: true } },
  emits: { change: () => true },
  setup(props, { emit }) {
    const list = load(() => get<{ items: OpeningStatusView[] }>(`/api/v1/cases/${props.no}/identity/openings`), () => props.no);
    const asking = ref(false);
    const reason = ref('');
    const fault = ref('');
    const busy = ref('');
    const deciding = ref<OpeningStatusView | null>(null);
    const seen = ref<Identity | null>(null);

    // Another person's step arrives without a task changing hands, so nobody announces it.
    const timer = setInterval(() => { if (!document.hidden && list.value?.items.some(({ state }) => state !== 'lapsed')) void list.reload(); }, LOOK_EVERY_MS);
    onScopeDispose(() => clearInterval(timer));

    async function run(name: string, work: () => Promise<void>): Promise<void> {
      if (busy.value) return;
      busy.value = name;
      try { await work(); } catch (error) {
        const told = isProblem(error) ? error.errors.find(({ field }) => field === 'reason') : undefined;
        if (told && asking.value) fault.value = told.message;
        else complain(error);
      } finally {
        busy.value = '';
        await list.reload();
      }
    }

    const request = (event: Event): void => {
      event.preventDefault();
      const { length } = reason.value.trim();
      fault.value = length < REASON.min || length > REASON.max ? `请写明查看举报人身份的理由（${REASON.min}至${REASON.max}字）` : '';
      if (fault.value) return;
      void run('request', async () => {
        await post(`/api/v1/cases/${props.no}/identity/openings`, { reason: reason.value.trim() });
        asking.value = false;
        reason.value = '';
        said('已提出申请，待另一人批准');
        emit('change');
      });
    };
    const open = (id: string) => run(id, async () => {
      seen.value = await post<Identity>(`/api/v1/identity/openings/${id}/open`);
      emit('change');
    });

    const line = (opening: OpeningStatusView) => (
      <li key={opening.id} class="opening">
        <p><span class={['tag', stateOf(opening)[1]]}>{stateOf(opening)[0]}</span></p>
        <p class="opening-reason">{opening.reason}</p>
        {openingFacts(opening)}
        {opening.mayApprove ? <Button size="small" onClick={() => { deciding.value = opening; }}>批准查看</Button> : null}
        {opening.mayOpen ? <Button size="small" theme="danger" loading={busy.value === opening.id} onClick={() => void open(opening.id)}>{opening.looks > 0 ? '再次查看身份' : '查看身份'}</Button> : null}
      </li>
    );

    return () => (
      <section class="card" aria-labelledby="case-identity">
        <h2 id="case-identity" class="card-title">举报人身份</h2>
        {list.error?.kind === 'missing' ? <p class="quiet">举报人身份仅本案承办人员可依程序申请查看；需要您批准的申请，列在“身份查看”中。</p> : list.error ? (
          <p class="note note-warning" role="alert">{list.error.text} <button type="button" class="link" onClick={() => void list.reload()}>重试</button></p>
        ) : null}
        {list.loading ? <p class="quiet" role="status">正在加载…</p> : null}
        {list.value ? (
          <>
            <p class="quiet">身份另行封存。确需查看的，写明理由，由本案另一名承办人员批准（没有的，由本队列同事或负责人批准）后，在 15 分钟内查看；每一步都记入本案并告知举报人。</p>
            <p class="opening-ask"><Button theme="default" variant="outline" disabled={list.value.items.some(({ state, requestedByMe }) => requestedByMe && state !== 'lapsed')} onClick={() => { asking.value = true; fault.value = ''; }}>申请查看身份</Button></p>
            {list.value.items.length > 0 ? <ul class="openings" aria-label="身份查看申请">{list.value.items.map(line)}</ul> : <p class="quiet">没有人申请查看过。</p>}
          </>
        ) : null}
        {asking.value ? (
          <Modal title="申请查看举报人身份" onClose={() => { asking.value = false; }}>
            <p class="note note-warning">举报人会看到您的申请和理由（不显示您的姓名）。能不看身份办理的，请不要查看。</p>
            <form class="form" novalidate onSubmit={request}>
              <div class="field">
                <label for="identity-reason">理由</label>
                <TextBox id="identity-reason" value={reason.value} rows={3} maxlength={REASON.max} aria-invalid={Boolean(fault.value)} aria-describedby="identity-reason-more" onChange={(value: string) => { reason.value = value; fault.value = ''; }} />
                <div id="identity-reason-more"><p class="hint">如“需当面送达书面答复，核对收件人身份”</p>{fault.value ? <p class="fault" role="alert">{fault.value}</p> : null}</div>
              </div>
              <div class="modal-foot">
                <Button type="submit" loading={busy.value === 'request'}>提出申请</Button>
                <Button theme="default" variant="outline" onClick={() => { asking.value = false; }}>取消</Button>
              </div>
            </form>
          </Modal>
        ) : null}
        {deciding.value ? <ApproveOpening opening={deciding.value} onClose={() => { deciding.value = null; }} onDone={() => { deciding.value = null; emit('change'); void list.reload(); }} /> : null}
        {seen.value ? <IdentityView identity={seen.value} onClose={() => { seen.value = null; }} /> : null}
      </section>
    );
  },
});
