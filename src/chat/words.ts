import { inForm } from './answering';
import { targetOf, type Turn } from './context';
import { again, cancelled, confirmed } from './ending';
import { proceed } from './filling';
import { follow, questionBefore } from './following';
import { say } from './replies';
import type { Session } from './session';
import { handOver, menu } from './talk';
import { takePick } from './taps';
import { blot, normalise } from './text';

const LATELY = 6;

const CONFIRM = /^(?:确认|确认提交|我确认|确定|确定提交|是的|没错|提交|确认无误|无误|是的确认|对的?确认|是的提交)[吧了。!！]*$/u;
const MAYBE = /^(?:好|好的|可以|行|嗯+|ok|okay|对|是|y|yes|没问题|同意|👌|👍)[吧了啊呀的。!！]*$/u;
const STOP = /^(?:(?:我)?(?:想)?取消(?:吧|了|申请|操作|办理|这[个项])?|算了(?:吧)?|不办了|不填了|不弄了|退出|放弃|停)[。!！]*$/u;
/** 18 digits as of a resident ID number: nothing a dialogue should ever hold. */
const ID_NUMBER = /(?<!\d)\d{17}[\dx](?!\d)/iu;

/** A message in words: commands first, then the form under way, then whatever it means. */
export function takeText(t: Turn, given: string): void {
  const { session, context } = t;
  const text = given.trim();
  const plain = normalise(text);
  if (plain === '') return again(t);
  if (ID_NUMBER.test(plain)) {
    if (session.form) session.form.confirm = null;
    t.replies.push(say('请不要在对话中发送身份证号，这条内容没有保存。实名举报等需要身份信息的事项请在小程序页面办理。'));
    return again(t);
  }
  const number = /^[1-9]\d?$/.test(plain) ? session.offered[Number(plain) - 1] : undefined;
  const asking = session.form?.asking ? targetOf(context, session.form)?.fields.find(({ name }) => name === session.form!.asking) : undefined;
  if (number && asking?.kind !== 'number' && asking?.kind !== 'money') return takePick(t, number);

  session.lately = [...session.lately, blot(text.slice(0, 300))].slice(-LATELY);
  if (session.form?.confirm) {
    const hash = session.form.confirm;
    if (CONFIRM.test(plain)) return confirmed(t, hash);
    session.form.confirm = null;
    if (MAYBE.test(plain)) {
      t.replies.push(say('为免误会，提交前需要您明确回复“确认”两个字，请再核对一遍。'));
      return proceed(t);
    }
  } else if (CONFIRM.test(plain) && !session.form && session.done) return confirmed(t, session.done.hash);

  if (STOP.test(plain)) return cancelled(t);
  if (/^(?:菜单|帮助|能办什么)$/u.test(plain)) { t.replies.push(menu(t)); return again(t); }
  if (/^(?:(?:转|找|要|叫|接)?人工(?:客服|服务)?|客服)[吧。!！]*$/u.test(plain)) return handOver(t, questionBefore(session));
  if (!session.form) return follow(t, undefined, text);
  const before = answersIn(session);
  inForm(t, text, plain);
  // An answer belongs to its form: whoever is called later reads the talk, not a sealed opinion or a report.
  if (answersIn(session) !== before) session.lately = session.lately.slice(0, -1);
}

const answersIn = ({ form }: Session): string => (form ? JSON.stringify(form.values) : '');
