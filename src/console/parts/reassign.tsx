import { Button } from 'tdesign-vue-next';
import { computed, defineComponent, ref } from 'vue';
import type { Explanation } from '../../review/queue';
import { get, isProblem, post, sentenceOf } from '../api';
import { load } from '../load';
import { type StaffView } from '../session';
import { deskName, regionName } from '../words';
import { Box } from './box';
import { Modal } from './modal';
import { said } from './states';
import { TextField } from './text-field';

/** The register of staff, for names; a director may see the board but not the register. */
async function names(): Promise<Map<string, StaffView>> {
  try {
    return new Map((await get<{ items: StaffView[] }>('/api/v1/staff')).items.map((one) => [one.id, one]));
  } catch (error) {
    if (isProblem(error, 'FORBIDDEN')) return new Map();
    throw error;
  }
}

/** First which case, and who has it; then who shall. Whether they may is the server's to say. */
export const Reassign = defineComponent({
  name: 'Reassign',
  props: { /** The case, where it is known already. */ no: { type: String, default: '' } },
  emits: { close: () => true, done: () => true },
  setup(props, { emit }) {
    const staff = load(names);
    const no = ref(props.no);
    const found = ref<Explanation | null>(null);
    const to = ref('');
    const reason = ref('');
    const problem = ref('');
    const isBusy = ref(false);
    const nameOf = (person: string | undefined): string => staff.value?.get(person ?? '')?.name ?? '';
    const fit = computed(() => [...(staff.value?.values() ?? [])].filter(({ active, desks, id }) => active && found.value && desks.includes(found.value.desk) && id !== found.value.person));

    async function run(work: () => Promise<void>): Promise<void> {
      isBusy.value = true;
      problem.value = '';
      try { await work(); } catch (error) { problem.value = sentenceOf(error); } finally { isBusy.value = false; }
    }
    const look = (event?: Event): void => {
      event?.preventDefault();
      void run(async () => {
        found.value = null;
        to.value = '';
        found.value = await get<Explanation>(`/api/v1/queue/${encodeURIComponent(no.value.trim().toUpperCase())}/why`);
      });
    };
    const give = (): Promise<void> => run(async () => {
      if (!to.value) {
        problem.value = '请选择承办人员';
        return;
      }
      if ([...reason.value.trim()].length < 2) {
        problem.value = '请填写改派原因';
        return;
      }
      await post(`/api/v1/queue/${found.value!.no}/reassign`, { to: to.value, reason: reason.value });
      said(`${found.value!.no} 已改派给${nameOf(to.value)}`);
      emit('done');
    });

    if (props.no) look();

    return () => (
      <Modal title="改派任务" onClose={() => emit('close')}>
        <form class="form" novalidate onSubmit={look}>
          <div class="field">
            <label for="reassign-no">案件编号</label>
            <div class="inline"><Box id="reassign-no" value={no.value} placeholder="如 JB20261122-7K3MQ9" onChange={(value: string) => { no.value = value; found.value = null; problem.value = ''; }} /><Button type="submit" theme="default" variant="outline" loading={isBusy.value && !found.value}>查找</Button></div>
          </div>
        </form>
        {found.value ? (
          <>
            <dl class="facts"><dt>队列</dt><dd>{deskName(found.value.desk)}</dd><dt>现况</dt><dd>{found.value.place === 'claim' ? `${nameOf(found.value.person)} 在办` : found.value.place === 'offer' ? `已派给 ${nameOf(found.value.person)}，待领取` : '在队列中待领取'}</dd></dl>
            <p class="why">{found.value.text}</p>
            <fieldset class="field">
              <legend>改派给</legend>
              <div class="options options-column">
                {fit.value.map(({ id, name, regions, onDuty }) => (
                  <label class="option" key={id}><input type="radio" name="to" checked={to.value === id} onChange={() => { to.value = id; problem.value = ''; }} /><span>{name}<span class="quiet">　{regions.map(regionName).join('、') || '全市'}{onDuty ? '' : '　离岗'}</span></span></label>
                ))}
              </div>
              {fit.value.length === 0 && !staff.loading ? <p class="quiet">本队列没有其他人员。</p> : null}
            </fieldset>
            <TextField label="改派原因" name="reason" value={reason.value} maxlength={200} hint="会显示给接手的人员，请勿写入当事人信息" onChange={(value: string) => { reason.value = value; problem.value = ''; }} />
          </>
        ) : null}
        {problem.value ? <p class="note note-error" role="alert">{problem.value}</p> : null}
        <div class="modal-foot">
          <Button disabled={!found.value || fit.value.length === 0} loading={isBusy.value && Boolean(found.value)} onClick={() => void give()}>改派</Button>
          <Button theme="default" variant="outline" onClick={() => emit('close')}>取消</Button>
        </div>
      </Modal>
    );
  },
});
