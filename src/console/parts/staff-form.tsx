import { Button } from 'tdesign-vue-next';
import { defineComponent, reactive, ref, type PropType } from 'vue';
import type { StaffRole } from '../../kernel/actor';
import { isProblem, patch, post, sentenceOf } from '../api';
import { load } from '../load';
import { procedures } from '../procedures';
import { me, type Absence, type StaffView } from '../session';
import { DESK_NAMES, desksOfRole, REGIONS, ROLES, SECTORS } from '../words';
import { Absences } from './absences';
import { Modal } from './modal';
import { said } from './states';
import { TextField } from './text-field';

interface Code { login: string; code: string; expiresAt: string }

/** Enters a colleague, or changes what is entered. */
export const StaffForm = defineComponent({
  name: 'StaffForm',
  props: { staff: { type: Object as PropType<StaffView | null>, default: null } },
  emits: { close: () => true, done: (_code: Code | null) => true },
  setup(props, { emit }) {
    const { staff } = props;
    const isSelf = staff?.id === me()?.id;
    const known = load(procedures);
    const typed = reactive({
      login: staff?.login ?? '', name: staff?.name ?? '', roles: [...staff?.roles ?? []], desks: [...staff?.desks ?? []], regions: [...staff?.regions ?? []],
      procedures: [...staff?.skills.procedures ?? []], sectors: [...staff?.skills.sectors ?? []], capacity: String(staff?.capacity ?? 20),
      onDuty: staff?.onDuty ?? true, active: staff?.active ?? true, absences: (staff?.absences ?? []).map((one): Absence => ({ ...one })),
    });
    const faults = ref<Record<string, string>>({});
    const problem = ref('');
    const isBusy = ref(false);

    function toggleRole(role: StaffRole): void {
      const adds = !typed.roles.includes(role);
      typed.roles = adds ? [...typed.roles, role] : typed.roles.filter((one) => one !== role);
      // A new colleague gets the desks their role usually sits at; what is proposed can be taken back.
      if (adds && !staff) typed.desks = [...new Set([...typed.desks, ...desksOfRole(role).filter((desk) => desk !== 'service')])];
      faults.value = {};
    }

    function input() {
      const capacity = /^\d{1,3}$/.test(typed.capacity.trim()) ? Number(typed.capacity) : typed.capacity;
      const rights = { roles: typed.roles, desks: typed.desks, regions: typed.regions };
      const rest = { name: typed.name.trim(), skills: { procedures: typed.procedures, sectors: typed.sectors }, capacity };
      if (!staff) return { login: typed.login.trim(), ...rest, ...rights };
      return { ...rest, ...(isSelf ? {} : { ...rights, active: typed.active }), onDuty: typed.onDuty, absences: typed.absences };
    }

    async function save(event: Event): Promise<void> {
      event.preventDefault();
      if (isBusy.value) return;
      isBusy.value = true;
      problem.value = '';
      faults.value = {};
      try {
        if (staff) {
          await patch(`/api/v1/staff/${staff.id}`, input());
          said('已保存，下一次操作起生效');
          emit('done', null);
        } else {
          emit('done', await post<Code>('/api/v1/staff', input()));
        }
      } catch (error) {
        problem.value = sentenceOf(error);
        if (isProblem(error)) faults.value = Object.fromEntries(error.errors.map(({ field, message }) => [field, message]));
      } finally { isBusy.value = false; }
    }

    type Lists = 'roles' | 'desks' | 'regions' | 'procedures' | 'sectors';
    const boxes = (legend: string, field: Lists, options: readonly (readonly [string, string])[], { hint = '', disabled = false, path = field as string } = {}) => (
      <fieldset class="field" disabled={disabled}>
        <legend>{legend}</legend>
        <div class="options">
          {options.map(([value, title]) => (
            <label class="option" key={value}>
              <input
                type="checkbox" checked={(typed[field] as string[]).includes(value)}
                onChange={() => {
                  if (field === 'roles') toggleRole(value as StaffRole);
                  else typed[field] = typed[field].includes(value) ? typed[field].filter((one) => one !== value) : [...typed[field], value];
                  delete faults.value[path];
                }}
              /><span>{title}</span>
            </label>
          ))}
        </div>
        {hint ? <p class="hint">{hint}</p> : null}
        {faults.value[path] ? <p class="fault">{faults.value[path]}</p> : null}
      </fieldset>
    );
    const set = (field: 'login' | 'name' | 'capacity') => (value: string) => { typed[field] = value; delete faults.value[field]; };

    return () => (
      <Modal title={staff ? `调整：${staff.name}` : '新增人员'} wide onClose={() => emit('close')}>
        <form class="form" novalidate onSubmit={(event) => void save(event)}>
          <div class="pair">
            {staff ? null : <TextField label="登录名" name="login" value={typed.login} hint="小写字母开头，3 至 40 位字母、数字、点、横线" fault={faults.value['login']} onChange={set('login')} />}
            <TextField label="姓名" name="name" value={typed.name} fault={faults.value['name']} onChange={set('name')} />
            <TextField label="同时办理上限（件）" name="capacity" value={typed.capacity} inputmode="numeric" fault={faults.value['capacity']} onChange={set('capacity')} />
          </div>
          {isSelf ? <p class="note">本人的角色、队列、区域和停用由另一名管理员调整。</p> : null}
          {boxes('角色', 'roles', Object.entries(ROLES), { hint: '审计不兼任其他角色；县（市、区）不兼任市级角色', disabled: isSelf })}
          {boxes('队列', 'desks', DESK_NAMES, { disabled: isSelf })}
          {boxes('区域', 'regions', REGIONS, { hint: '不选为全市；县（市、区）人员须选所在区域', disabled: isSelf })}
          {boxes('专长：事项', 'procedures', (known.value ?? []).map(({ name, title }) => [name, title] as const), { hint: '不选为不限', path: 'skills.procedures' })}
          {boxes('专长：细分行业', 'sectors', SECTORS, { hint: '不选为不限', path: 'skills.sectors' })}
          {staff ? (
            <>
              <Absences value={typed.absences} faults={faults.value} onChange={(value: Absence[]) => { typed.absences = value; faults.value = {}; }} />
              <fieldset class="field">
                <legend>状态</legend>
                <div class="options">
                  <label class="option"><input type="checkbox" checked={typed.onDuty} onChange={() => { typed.onDuty = !typed.onDuty; }} /><span>在岗</span></label>
                  <label class="option"><input type="checkbox" disabled={isSelf} checked={typed.active} onChange={() => { typed.active = !typed.active; }} /><span>账户启用</span></label>
                </div>
                {typed.active || !staff.active ? null : <p class="note note-warning">停用后立即退出所有登录，名下任务退回队列。</p>}
              </fieldset>
            </>
          ) : null}
          {problem.value ? <p class="note note-error" role="alert">{problem.value}</p> : null}
          <div class="modal-foot">
            <Button type="submit" loading={isBusy.value}>{staff ? '保存' : '新增并生成启用码'}</Button>
            <Button theme="default" variant="outline" onClick={() => emit('close')}>取消</Button>
          </div>
        </form>
      </Modal>
    );
  },
});
