import { defineComponent } from 'vue';
import { RouterLink, useRoute, useRouter } from 'vue-router';
import { home } from '../menu';
import { Doorway } from '../parts/doorway';
import { SignInForm } from '../parts/sign-in-form';

export default defineComponent({
  name: 'SignInPage',
  setup() {
    const router = useRouter();
    const route = useRoute();
    /** Only a page of ours: the address may have been sent by anybody. */
    const target = (): string => {
      const to = String(route.query['to'] ?? '');
      return /^\/[a-z]/.test(to) ? to : home();
    };
    return () => (
      <Doorway title="工作人员登录">
        <SignInForm onDone={() => void router.replace(target())} />
        <p class="doorway-more">首次使用或账户已重置？<RouterLink class="link" to="/enrol">用启用码启用账户</RouterLink>。忘记密码或更换手机的，请联系系统管理员重置登录。</p>
      </Doorway>
    );
  },
});
