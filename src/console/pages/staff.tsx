import { Button } from 'tdesign-vue-next';
import { computed, defineComponent, ref } from 'vue';
import { get, post } from '../api';
import { moment, todayInShanghai } from '../format';
import { load } from '../load';
import { Box } from '../parts/box';
import { Modal } from '../parts/modal';
import { StaffForm } from '../parts/staff-form';
import { complain, Empty, staleNote, standIn } from '../parts/states';
import { has, me, type StaffView } from '../session';
import { deskName, regionName, ROLES } from '../words';

interface Code { login: string; code: string; expiresAt: string }

/** Everybody with an account: seen by supervisors and auditors, kept by the administrator. */
export default defineComponent({
  name: 'StaffPage',
  setup() {
    const list = load(() => get<{ items: StaffView[] }>('/api/v1/staff'));
    const text = ref('');
    const withFormer = ref(false);
    const editing = ref<StaffView | 'new' | null>(null);
    const resetting = ref<StaffView | null>(null);
    const code = ref<Code | null>(null);
    const isBusy = ref(false);
    const mayKeep = has('admin');
    const shown = computed(() => (list.value?.items ?? []).filter(({ active, name, login }) => (active || withFormer.value) && (name.includes(text.value.trim()) || login.includes(text.value.trim().toLowerCase()))));

    async function reset(): Promise<void> {
      isBusy.value = true;
      try {
        code.value = await post<Code>(`/api/v1/staff/${resetting.value!.id}/reset`);
        resetting.value = null;
        await list.reload();
      } catch (error) { complain(error); } finally { isBusy.value = false; }
    }

    const standing = (one: StaffView) => {
      const today = todayInShanghai();
      if (!one.active) return <span class="tag tag-quiet">已停用</span>;
      if (!one.enrolled) return <span class="tag tag-warning">待启用</span>;
      if (one.absences.some(({ from, to }) => from <= today && today <= to)) return <span class="tag tag-warning">请假</span>;
      return one.onDuty ? <span class="tag tag-success">在岗</span> : <span class="tag tag-quiet">离岗</span>;
    };

    const table = () => (
      <table class="table">
        <thead><tr><th scope="col">姓名</th><th scope="col">角色</th><th scope="col">队列</th><th scope="col">区域</th><th scope="col" class="right">同时办理上限</th><th scope="col">状态</th>{mayKeep ? <th scope="col"><span class="unseen">操作</span></th> : null}</tr></thead>
        <tbody>
          {shown.value.map((one) => (
            <tr key={one.id}>
              <th scope="row">{one.name}<span class="quiet block">{one.login}</span></th>
              <td>{one.roles.map((role) => ROLES[role]).join('、')}</td>
              <td>{one.desks.map(deskName).join('、') || '—'}</td>
              <td>{one.regions.map(regionName).join('、') || '全市'}</td>
              <td class="right">{one.desks.length > 0 ? `${one.capacity} 件` : '—'}</td>
              <td>{standing(one)}</td>
              {mayKeep ? (
                <td class="row-deeds">
                  <button type="button" class="link" onClick={() => { editing.value = one; }}>调整<span class="unseen">{one.name}</span></button>
                  {one.id !== me()?.id && one.active ? <button type="button" class="link" onClick={() => { resetting.value = one; }}>重置登录<span class="unseen">{one.name}</span></button> : null}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    );

    return () => (
      <div class="page">
        <div class="page-head">
          <h1>{mayKeep ? '人员管理' : '人员名册'}</h1>
          {list.value ? <div class="filters">
            <Box class="box box-short" value={text.value} aria-label="按姓名或登录名筛选" placeholder="姓名或登录名" onChange={(value: string) => { text.value = value; }} />
            <label class="option"><input type="checkbox" checked={withFormer.value} onChange={() => { withFormer.value = !withFormer.value; }} /><span>含已停用</span></label>
          </div> : null}
          <div class="page-deeds">{mayKeep ? <Button onClick={() => { editing.value = 'new'; }}>新增人员</Button> : null}</div>
        </div>
        {staleNote(list)}
        {standIn(list, list.value !== null) ?? <section class="card" aria-label="人员列表">{shown.value.length > 0 ? table() : <Empty title="没有符合条件的人员" />}</section>}
        {editing.value ? (
          <StaffForm
            staff={editing.value === 'new' ? null : editing.value} onClose={() => { editing.value = null; }}
            onDone={(made: Code | null) => { editing.value = null; code.value = made; void list.reload(); }}
          />
        ) : null}
        {resetting.value ? (
          <Modal title={`重置 ${resetting.value.name} 的登录？`} onClose={() => { resetting.value = null; }}>
            <p class="modal-text">密码和身份验证器立即失效，所有登录退出。将生成新的启用码，由您交给本人重新启用。</p>
            <div class="modal-foot"><Button theme="danger" loading={isBusy.value} onClick={() => void reset()}>重置</Button><Button theme="default" variant="outline" onClick={() => { resetting.value = null; }}>取消</Button></div>
          </Modal>
        ) : null}
        {code.value ? (
          <Modal title="启用码（只显示这一次）" firm>
            <p class="modal-text">请当面或以安全方式交给本人，在“启用账户”页面使用。关闭后无法再次查看。</p>
            <dl class="facts"><dt>登录名</dt><dd><code>{code.value.login}</code></dd><dt>启用码</dt><dd><code class="secret">{code.value.code}</code></dd><dt>有效至</dt><dd>{moment(code.value.expiresAt)}</dd></dl>
            <div class="modal-foot"><Button onClick={() => { code.value = null; }}>已交给本人</Button></div>
          </Modal>
        ) : null}
      </div>
    );
  },
});
