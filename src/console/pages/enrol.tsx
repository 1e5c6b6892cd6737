import { Button, QRCode } from 'tdesign-vue-next';
import { defineComponent, reactive, ref } from 'vue';
import { RouterLink, useRouter } from 'vue-router';
import { isProblem, sentenceOf } from '../api';
import { home } from '../menu';
import { Doorway } from '../parts/doorway';
import { TextField } from '../parts/text-field';
import { beginEnrolment, completeEnrolment } from '../session';

const grouped = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ');

/** First the one-time code, then the authenticator app and a password of one's own. */
export default defineComponent({
  name: 'EnrolPage',
  setup() {
    const router = useRouter();
    const typed = reactive({ login: '', code: '', password: '', again: '', totp: '' });
    const faults = reactive<Record<string, string>>({});
    const totp = ref<{ secret: string; uri: string } | null>(null);
    const problem = ref('');
    const isBusy = ref(false);
    const set = (field: keyof typeof typed) => (value: string) => { typed[field] = value; faults[field] = ''; };

    async function run(event: Event, checks: Record<string, string>, work: () => Promise<void>): Promise<void> {
      event.preventDefault();
      Object.assign(faults, checks);
      if (isBusy.value || Object.values(checks).some(Boolean)) return;
      isBusy.value = true;
      problem.value = '';
      try {
        await work();
      } catch (error) {
        problem.value = sentenceOf(error);
        for (const { field, message } of isProblem(error) ? error.errors : []) faults[field] = message;
      } finally {
        isBusy.value = false;
      }
    }

    const begin = (event: Event) => run(event, { login: typed.login.trim() ? '' : '请填写登录名', code: typed.code.trim() ? '' : '请填写启用码' }, async () => {
      totp.value = await beginEnrolment({ login: typed.login.trim(), code: typed.code.trim() });
    });
    const complete = (event: Event) => run(event, {
      password: typed.password ? '' : '请设置密码', again: typed.again === typed.password ? '' : '两次填写的密码不一致',
      totp: /^\d{6}$/.test(typed.totp.trim()) ? '' : '请填写身份验证器上的六位数字',
    }, async () => {
      await completeEnrolment({ login: typed.login.trim(), code: typed.code.trim(), password: typed.password, totp: typed.totp.trim() });
      await router.replace(home());
    });

    const trouble = () => (problem.value ? <p class="note note-error" role="alert">{problem.value}</p> : null);

    const first = () => (
      <form class="form" novalidate aria-label="出示启用码" onSubmit={(event) => void begin(event)}>
        <p class="doorway-lead">启用码由系统管理员当面或以安全方式交给您，三天内有效，只能使用一次。共两步，请备好装有身份验证器应用的手机。</p>
        <TextField label="登录名" name="login" value={typed.login} autocomplete="username" fault={faults['login']} autofocus onChange={set('login')} />
        <TextField label="启用码" name="code" value={typed.code} fault={faults['code']} onChange={set('code')} />
        {trouble()}
        <Button type="submit" size="large" block loading={isBusy.value}>下一步</Button>
      </form>
    );

    const second = ({ secret, uri }: { secret: string; uri: string }) => (
      <form class="form" novalidate aria-label="启用账户" onSubmit={(event) => void complete(event)}>
        <p class="doorway-lead">用手机上的身份验证器应用扫描二维码；不能扫描的，手工录入密钥。</p>
        <div class="totp">
          <div class="totp-code" aria-hidden="true"><QRCode value={uri} size={148} level="M" type="svg" borderless /></div>
          <dl><dt>密钥</dt><dd><code class="secret">{grouped(secret)}</code></dd><dt>类型</dt><dd>基于时间，6 位，30 秒</dd></dl>
        </div>
        <input class="unseen" type="text" name="username" autocomplete="username" value={typed.login} readonly tabindex="-1" aria-hidden="true" />
        <TextField label="设置密码" name="password" type="password" value={typed.password} autocomplete="new-password" hint="至少 12 个字符，含大写、小写、数字、符号中的三类，不含登录名" fault={faults['password']} onChange={set('password')} />
        <TextField label="再次填写密码" name="again" type="password" value={typed.again} autocomplete="new-password" fault={faults['again']} onChange={set('again')} />
        <TextField label="动态口令" name="totp" value={typed.totp} autocomplete="one-time-code" inputmode="numeric" maxlength={6} hint="身份验证器此刻显示的六位数字" fault={faults['totp']} onChange={set('totp')} />
        {trouble()}
        <Button type="submit" size="large" block loading={isBusy.value}>启用账户并登录</Button>
      </form>
    );

    return () => (
      <Doorway title="启用账户">
        {totp.value ? second(totp.value) : first()}
        <p class="doorway-more"><RouterLink class="link" to="/sign-in">返回登录</RouterLink></p>
      </Doorway>
    );
  },
});
