/**
 * The rules of subscribe-message values, written apart from the product's own so that each checks the other.
 * Source: 订阅消息参数值内容限制说明.
 */
const TIME = String.raw`\d{1,2}:\d{2}(:\d{2})?`;
const DATE = String.raw`\d{4}(年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2})`;
const range = (one: string) => new RegExp(`^${one}(\\s?~\\s?${one})?$`);

const RULES: Record<string, RegExp> = {
  thing: /^[^\p{Cc}]{1,20}$/u,
  number: /^-?(?=(?:\d\.?){1,32}$)\d+(\.\d+)?$/,
  letter: /^[A-Za-z]{1,32}$/,
  symbol: /^[^\p{L}\p{N}\p{Cc}]{1,5}$/u,
  character_string: /^[^\p{Script=Han}\p{Cc}]{1,32}$/u,
  time: range(`((${DATE}) )?${TIME}`),
  date: range(`${DATE}( ${TIME})?`),
  amount: /^[¥￥$€£]?\d{1,10}(\.\d+)?元?$/,
  phone_number: /^[0-9+\-() ]{1,17}$/,
  car_number: /^[\p{Script=Han}A-Z0-9]{1,8}$/u,
  name: /^(?=.*\p{Script=Han})[^\p{Cc}\p{N}]{1,10}$|^[^\p{Cc}\p{N}\p{Script=Han}]{1,20}$/u,
  phrase: /^\p{Script=Han}{1,5}$/u,
  enum: /^[^\p{Cc}]{1,20}$/u,
};

/** What WeChat would complain about, as the tail of its errmsg; undefined when the value is good. */
export function faultOf(key: string, value: unknown): string | undefined {
  const rule = RULES[/^([a-z_]+)\d+$/.exec(key)?.[1] ?? ''];
  if (!rule) return `data.${key} is not a key of the template`;
  if (typeof value !== 'string' || value.trim() === '') return `data.${key}.value is empty`;
  return rule.test(value) ? undefined : `data.${key}.value invalid`;
}
