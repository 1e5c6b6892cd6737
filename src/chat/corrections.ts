import { targetOf, type Turn } from './context';
import { ask, proceed } from './filling';
import { say } from './replies';
import { fieldNamed, isAskable, put, read } from './slots';

const LAST = /上一[项个条]|刚才(?:那[项个]|填的|说的)|前一[项个]/u;
const WRONG = /错|不对|改|重[填写说]|更正/u;

/** «改一下诉求», «诉求改成退款», «上一项写错了». */
export function corrected(t: Turn, text: string, isFreeText: boolean): boolean {
  const form = t.session.form!;
  const target = targetOf(t.context, form)!;
  const fields = target.fields.filter((field) => isAskable(field, t.context) && (field.name in form.values || form.skipped.includes(field.name)));
  if (LAST.test(text) && WRONG.test(text) && text.length <= 40) {
    const last = fields.find((field) => field.name === form.filled.at(-1));
    if (!last) return false;
    const value = /(?:改成|改为|换成|应该是|应为|是)\s*[:：]?\s*(.+)$/su.exec(text.replace(/^.*?(?:错了?|不对)[,，。\s]*/su, ''))?.[1];
    return replace(t, last, value);
  }
  const [, named, value] = /^(.{0,14}?)(?:改成|改为|换成|应该是|应为|更正为)\s*[:：]?\s*(.+)$/su.exec(text) ?? [];
  const field = named ? fieldNamed(named, fields) : null;
  if (field && value) return replace(t, field, value);
  const wanted = /^(?:我?(?:想|要|需要)?)?(?:再)?(?:改|修改|更正|更改|重填|重写|重新填|换)(?:一?下)?(.{2,12}?)[吧了。]?$/u.exec(text)?.[1]
    ?? /^(.{2,12}?)(?:写错了?|填错了?|错了|不对|要改(?:一下)?|要修改)[,，。!！]*$/u.exec(text)?.[1];
  const meant = wanted ? fieldNamed(wanted, fields) : null;
  if (meant) return replace(t, meant, undefined);
  if (wanted && !isFreeText && !form.asking) {
    t.replies.push(say(`没有“${wanted}”这一项。可以改的有：${fields.map(({ label }) => label).join('、')}。`));
    proceed(t);
    return true;
  }
  return false;
}

function replace(t: Turn, field: Parameters<typeof ask>[2], value: string | undefined): boolean {
  const form = t.session.form!;
  form.confirm = null;
  const found = value === undefined ? undefined : read(field, value.replace(/[。]$/u, ''), true, t.context);
  if (found && 'value' in found) {
    const fault = put(form, targetOf(t.context, form)!, field, found.value, found.words);
    if (fault === null) {
      t.replies.push(say(`已更正“${field.label}”。`));
      proceed(t);
      return true;
    }
    t.replies.push(say(`${fault}。`));
  }
  ask(t, form, field, found && 'among' in found ? found.among : undefined);
  return true;
}
