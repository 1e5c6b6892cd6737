import { Button } from 'tdesign-vue-next';
import { defineComponent, ref } from 'vue';
import { get, isProblem, post, query } from '../api';
import { moment } from '../format';
import { loadPages } from '../load';
import { TextBox } from '../parts/box';
import { FileList } from '../parts/file-list';
import { Modal } from '../parts/modal';
import { complain, Empty, said, staleNote, standIn } from '../parts/states';
import { has } from '../session';
import { KINDS, regionName, sectorName } from '../words';

interface Claim {
  id: string; uscc: string; name: string; kind: string; region: string; sector: string | null; status: string; createdAt: string;
  licenceFile: string | null; phone: string | null; replacesOwner: boolean; approvals: number;
}

/** The county checks who really speaks for an organisation, by the licence. */
export default defineComponent({
  name: 'ClaimsPage',
  setup() {
    const list = loadPages((after) => get<{ items: Claim[]; next: string | null }>(`/api/v1/organisations/claims${query({ limit: 20, after })}`));
    const busy = ref('');
    const refusing = ref<Claim | null>(null);
    const reason = ref('');
    const fault = ref('');

    async function decide(claim: Claim, decision: 'approve' | 'refuse'): Promise<void> {
      busy.value = claim.id;
      fault.value = '';
      try {
        const { status } = await post<Claim>(`/api/v1/organisations/claims/${claim.id}/decide`, { decision, ...(decision === 'refuse' ? { reason: reason.value.trim() } : {}) });
        said(status === 'bound' ? `${claim.name}：已通过` : status === 'refused' ? `${claim.name}：不予通过` : `${claim.name}：已记录您的核验，还需另一名工作人员核验`);
        refusing.value = null;
        reason.value = '';
        await list.reload();
      } catch (error) {
        const found = isProblem(error) ? error.errors.find(({ field }) => field === 'reason') : undefined;
        if (found && refusing.value) fault.value = found.message;
        else complain(error);
        if (isProblem(error, 'STALE', 'ILLEGAL_MOVE', 'NOT_FOUND')) await list.reload();
      } finally { busy.value = ''; }
    }

    const card = (claim: Claim) => (
      <section key={claim.id} class="card" aria-label={claim.name}>
        <div class="claim">
          <div>
            <h2 class="card-title">{claim.name}<span class="tag tag-quiet">{KINDS[claim.kind]}</span>{claim.replacesOwner ? <span class="tag tag-warning">更换负责人，须两人核验{claim.approvals > 0 ? `（已有 ${claim.approvals} 人）` : ''}</span> : null}</h2>
            <dl class="facts">
              <dt>统一社会信用代码</dt><dd class="no">{claim.uscc}</dd>
              <dt>县（市、区）</dt><dd>{regionName(claim.region)}</dd>
              {claim.sector ? <><dt>细分行业</dt><dd>{sectorName(claim.sector)}</dd></> : null}
              <dt>申请人手机</dt><dd>{claim.phone ?? '—'}</dd>
              <dt>提交时间</dt><dd>{moment(claim.createdAt)}</dd>
              <dt>营业执照</dt><dd>{claim.licenceFile ? <FileList ids={[claim.licenceFile]} /> : '未提供'}</dd>
            </dl>
          </div>
          <div class="claim-deeds">
            <Button loading={busy.value === claim.id && !refusing.value} onClick={() => void decide(claim, 'approve')}>核验通过</Button>
            <Button theme="default" variant="outline" onClick={() => { refusing.value = claim; fault.value = ''; }}>不予通过</Button>
          </div>
        </div>
      </section>
    );

    return () => (
      <div class="page page-narrow">
        <div class="page-head"><h1>单位认领</h1><p class="quiet">手机号与名单一致的自动通过，其余凭营业执照核验：{has('county') ? '本县（市、区）的单位由您核验。' : '市级单位，以及更换负责人的第二次核验，由受理人员办理。'}</p></div>
        {staleNote(list)}
        {standIn(list, list.items.length > 0) ?? (
          <>
            {list.items.length === 0 ? <section class="card"><Empty title="没有待核验的认领" hint="新的申请会按提交先后出现在这里" /></section> : list.items.map(card)}
            {list.more ? <div class="more"><Button theme="default" variant="text" loading={list.busy} onClick={() => void list.next()}>更多</Button></div> : null}
          </>
        )}
        {refusing.value ? (
          <Modal title={`不予通过：${refusing.value.name}`} onClose={() => { refusing.value = null; }}>
            <div class="field">
              <label for="claim-reason">理由</label>
              <TextBox id="claim-reason" value={reason.value} rows={3} maxlength={200} aria-invalid={Boolean(fault.value)} onChange={(value: string) => { reason.value = value; fault.value = ''; }} />
              <p class="hint">将告知申请人</p>
              {fault.value ? <p class="fault" role="alert">{fault.value}</p> : null}
            </div>
            <div class="modal-foot">
              <Button theme="danger" loading={busy.value === refusing.value.id} onClick={() => void decide(refusing.value!, 'refuse')}>不予通过</Button>
              <Button theme="default" variant="outline" onClick={() => { refusing.value = null; }}>取消</Button>
            </div>
          </Modal>
        ) : null}
      </div>
    );
  },
});
