import { Button } from 'tdesign-vue-next';
import { defineComponent, reactive, ref } from 'vue';
import { isProblem, patch, sentenceOf } from '../api';
import { Absences } from '../parts/absences';
import { said } from '../parts/states';
import { has, hasDuty, isDispatched, me, update, type Absence, type StaffView } from '../session';
import { deskName, regionName, ROLES } from '../words';

/** One's own duty and leave, and what the administrator has entered about oneself. */
export default defineComponent({
  name: 'MinePage',
  setup() {
    const staff = me()!;
    const isDrawn = has('expert', 'agency');
    const saved = ref(JSON.stringify([staff.onDuty, staff.absences]));
    const typed = reactive({ onDuty: staff.onDuty, absences: staff.absences.map((one): Absence => ({ ...one })) });
    const faults = ref<Record<string, string>>({});
    const problem = ref('');
    const isBusy = ref(false);

    async function save(event: Event): Promise<void> {
      event.preventDefault();
      isBusy.value = true;
      problem.value = '';
      faults.value = {};
      try {
        update(await patch<StaffView>('/api/v1/me/duty', typed));
        saved.value = JSON.stringify([typed.onDuty, typed.absences]);
        said('已保存');
      } catch (error) {
        problem.value = sentenceOf(error);
        if (isProblem(error)) faults.value = Object.fromEntries(error.errors.map(({ field, message }) => [field, message]));
      } finally { isBusy.value = false; }
    }

    return () => (
      <div class="page page-narrow">
        <div class="page-head"><h1>{hasDuty() ? '值班与请假' : '我的账户'}</h1></div>
        {hasDuty() ? <section class="card" aria-label="值班与请假">
          <form class="form" novalidate onSubmit={(event) => void save(event)}>
            <fieldset class="field">
              <legend>值班</legend>
              <div class="options">
                <label class="option"><input type="radio" name="duty" checked={typed.onDuty} onChange={() => { typed.onDuty = true; }} /><span>在岗</span></label>
                <label class="option"><input type="radio" name="duty" checked={!typed.onDuty} onChange={() => { typed.onDuty = false; }} /><span>{isDrawn ? '离岗（不参加抽取）' : '离岗（不再派单）'}</span></label>
              </div>
            </fieldset>
            <Absences value={typed.absences} faults={faults.value} drawn={isDrawn} onChange={(value: Absence[]) => { typed.absences = value; faults.value = {}; }} />
            {problem.value ? <p class="note note-error" role="alert">{problem.value}</p> : null}
            <div class="actions"><Button type="submit" loading={isBusy.value} disabled={JSON.stringify([typed.onDuty, typed.absences]) === saved.value}>保存</Button></div>
          </form>
        </section> : null}
        <section class="card" aria-labelledby="mine-account">
          <h2 id="mine-account" class="card-title">我的账户</h2>
          <dl class="facts">
            <dt>姓名</dt><dd>{staff.name}（{staff.login}）</dd>
            <dt>角色</dt><dd>{staff.roles.map((role) => ROLES[role]).join('、')}</dd>
            {isDispatched() ? <><dt>队列</dt><dd>{staff.desks.map(deskName).join('、')}</dd></> : null}
            <dt>区域</dt><dd>{staff.regions.map(regionName).join('、') || '全市'}</dd>
            {isDispatched() ? <><dt>同时办理上限</dt><dd>{staff.capacity} 件</dd></> : null}
          </dl>
          {has('admin') ? null : <p class="hint">需要更改的，请联系系统管理员。</p>}
        </section>
      </div>
    );
  },
});
