import { Button } from 'tdesign-vue-next';
import { defineComponent, reactive, ref } from 'vue';
import { isProblem, sentenceOf } from '../api';
import { signIn } from '../session';
import { TextField } from './text-field';

/** Login name, password and the dynamic code of the moment. */
export const SignInForm = defineComponent({
  name: 'SignInForm',
  props: { login: { type: String, default: '' }, submitLabel: { type: String, default: '登录' } },
  emits: { done: () => true },
  setup(props, { emit }) {
    const typed = reactive({ login: props.login, password: '', totp: '' });
    const faults = reactive<Record<string, string>>({});
    const problem = ref('');
    const isBusy = ref(false);

    async function submit(event: Event): Promise<void> {
      event.preventDefault();
      Object.assign(faults, {
        login: typed.login.trim() ? '' : '请填写登录名', password: typed.password ? '' : '请填写密码',
        totp: /^\d{6}$/.test(typed.totp.trim()) ? '' : '请填写身份验证器上的六位数字',
      });
      if (isBusy.value || Object.values(faults).some(Boolean)) return;
      isBusy.value = true;
      problem.value = '';
      try {
        await signIn({ login: typed.login.trim(), password: typed.password, totp: typed.totp.trim() });
        emit('done');
      } catch (error) {
        typed.totp = '';
        problem.value = isProblem(error, 'SIGN_IN_FAILED') ? `${error.detail}。动态口令每 30 秒更换，每个只能用一次。` : sentenceOf(error);
        for (const { field, message } of isProblem(error) ? error.errors : []) faults[field] = message;
      } finally {
        isBusy.value = false;
      }
    }

    const set = (field: keyof typeof typed) => (value: string) => { typed[field] = value; faults[field] = ''; };
    return () => (
      <form class="form" novalidate aria-label={props.submitLabel} onSubmit={(event) => void submit(event)}>
        <TextField label="登录名" name="login" value={typed.login} autocomplete="username" fault={faults['login']} autofocus={!props.login} onChange={set('login')} />
        <TextField label="密码" name="password" type="password" value={typed.password} autocomplete="current-password" fault={faults['password']} onChange={set('password')} />
        <TextField label="动态口令" name="totp" value={typed.totp} autocomplete="one-time-code" inputmode="numeric" maxlength={6} hint="手机上身份验证器应用显示的六位数字" fault={faults['totp']} onChange={set('totp')} />
        {problem.value ? <p class="note note-error" role="alert">{problem.value}</p> : null}
        <Button type="submit" size="large" block loading={isBusy.value}>{props.submitLabel}</Button>
      </form>
    );
  },
});
