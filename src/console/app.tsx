import { Button } from 'tdesign-vue-next';
import { computed, defineComponent, onScopeDispose, ref, watch } from 'vue';
import { RouterLink, RouterView, useRoute } from 'vue-router';
import { get } from './api';
import { CaseSearch } from './parts/case-search';
import { Modal } from './parts/modal';
import { SignInForm } from './parts/sign-in-form';
import { MENU } from './router';
import { leave, session, signOut } from './session';
import { ROLES } from './words';

const COUNT_EVERY_MS = 60_000;

/** Unread messages; looked at now and then, and after each change of page. */
function unreadCount() {
  const unseen = ref(0);
  const look = () => get<{ unseen: number }>('/api/v1/inbox/count').then(({ unseen: count }) => { unseen.value = count; }, () => undefined);
  const timer = setInterval(() => { if (session.stage === 'in' && !document.hidden) void look(); }, COUNT_EVERY_MS);
  onScopeDispose(() => clearInterval(timer));
  return { unseen, look };
}

export const App = defineComponent({
  name: 'App',
  setup() {
    const route = useRoute();
    const isOpen = computed(() => Boolean(route.meta['open']));
    const entries = computed(() => MENU.filter(({ shown }) => shown()));
    const { unseen, look } = unreadCount();
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
            {entries.value.map(({ path, title }) => (
              <RouterLink key={path} to={path} class={['menu-item', route.path === path && 'menu-item-on']} aria-current={route.path === path ? 'page' : undefined}>
                {title}
                {path === '/inbox' && unseen.value > 0 ? <span class="count" aria-label={`${unseen.value} 条未读`}>{unseen.value > 99 ? '99+' : unseen.value}</span> : null}
              </RouterLink>
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
