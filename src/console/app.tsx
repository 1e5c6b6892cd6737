import { Button } from 'tdesign-vue-next';
import { computed, defineComponent, onScopeDispose, reactive, watch } from 'vue';
import { RouterLink, RouterView, useRoute } from 'vue-router';
import { get } from './api';
import { GROUPS, isListed, MENU } from './menu';
import { CaseSearch } from './parts/case-search';
import { Icon } from './parts/icon';
import { Modal } from './parts/modal';
import { SignInForm } from './parts/sign-in-form';
import { leave, session, signOut } from './session';
import { ROLES } from './words';

const COUNT_EVERY_MS = 60_000;

/** What waits behind entries of the menu; looked at now and then, and after each change of page. */
function counts() {
  const waiting = reactive<Record<string, number>>({});
  const look = async (): Promise<void> => {
    try {
      waiting['/inbox'] = (await get<{ unseen: number }>('/api/v1/inbox/count')).unseen;
      if (isListed('/claims')) waiting['/claims'] = (await get<{ items: unknown[] }>('/api/v1/organisations/claims?limit=100')).items.length;
      if (isListed('/identity')) waiting['/identity'] = (await get<{ items: unknown[] }>('/api/v1/identity/openings')).items.length;
    } catch { /* the numbers stay as they were */ }
  };
  const timer = setInterval(() => { if (session.stage === 'in' && !document.hidden) void look(); }, COUNT_EVERY_MS);
  onScopeDispose(() => clearInterval(timer));
  return { waiting, look };
}
const COUNTED: Record<string, string> = { '/inbox': '条未读', '/identity': '项等您批准', '/claims': '项待核验' };

export const App = defineComponent({
  name: 'App',
  setup() {
    const route = useRoute();
    const isOpen = computed(() => Boolean(route.meta['open']));
    const groups = computed(() => GROUPS.map((title) => ({ title, entries: MENU.filter(({ group, shown }) => group === title && shown()) })).filter(({ entries }) => entries.length > 0));
    // A page that belongs to one of a list belongs to that list's entry.
    const isOn = (path: string): boolean => route.path === path || route.path.startsWith(`${path}/`);
    const { waiting, look } = counts();
    watch(() => [route.path, session.stage], () => { if (session.stage === 'in') void look(); });

    const frame = () => {
      const staff = session.me?.staff;
      return (
        <div class="frame">
          <a class="skip" href="#content">跳到正文</a>
          <header class="top">
            <RouterLink class="brand" to="/"><span class="brand-mark" aria-hidden="true" />数转通<span class="brand-sub">新乡市中小企业数字化转型 · 工作台</span></RouterLink>
            <CaseSearch />
            <div class="who">
              <span class="who-name">{staff?.name}</span>
              <span class="who-roles">{staff?.roles.map((role) => ROLES[role]).join('、')}</span>
              <Button size="small" variant="outline" theme="default" onClick={() => void signOut()}>退出</Button>
            </div>
          </header>
          <nav class="menu" aria-label="主菜单">
            {groups.value.map((group) => (
              <div key={group.title} class="menu-group" role="group" aria-labelledby={`menu-${group.title}`}>
                <p id={`menu-${group.title}`} class="menu-title">{group.title}</p>
                {group.entries.map(({ path, title, icon }) => (
                  <RouterLink key={path} to={path} class={['menu-item', isOn(path) && 'menu-item-on']} aria-current={isOn(path) ? 'page' : undefined}>
                    <Icon svg={icon} /><span class="menu-word">{title}</span>
                    {(waiting[path] ?? 0) > 0 ? <span class="count" role="img" aria-label={`${waiting[path]} ${COUNTED[path]}`}>{waiting[path]! > 99 ? '99+' : waiting[path]}</span> : null}
                  </RouterLink>
                ))}
              </div>
            ))}
          </nav>
          <main id="content" class="content" tabindex="-1"><RouterView /></main>
        </div>
      );
    };

    return () => (
      <>
        {isOpen.value || !session.me ? <RouterView /> : frame()}
        {session.stage === 'asking' ? (
          <Modal title="登录已过期" firm>
            <p class="modal-text">页面上填写的内容都还在。重新登录后从刚才的地方继续。</p>
            <SignInForm login={session.me?.staff?.login ?? ''} submitLabel="继续" />
            <p class="modal-foot"><button type="button" class="link" onClick={leave}>不再继续，退出登录</button></p>
          </Modal>
        ) : null}
      </>
    );
  },
});
