import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../errors';
import { faultOf } from '../fields';
import { wordVerdict } from './content';
import type { Call } from './call';
import type { Template } from '../types';
import type { World } from '../world';

/** A send takes this long; another to the same user that begins meanwhile is refused. */
const SEND_MS = 15;

export function subscribeApi(world: World) {
  const busy = new Set<string>();

  return {
    'POST /cgi-bin/message/subscribe/send': async ({ body }: Call) => {
      const phone = world.phone(body['touser']);
      const template = world.templates.get(String(body['template_id'] ?? ''));
      if (!template) throw new ApiError(40037);
      if (world.banned.has(template.id)) throw new ApiError(43107);
      if (busy.has(phone.openid)) throw new ApiError(43108);
      busy.add(phone.openid);
      try {
        await sleep(SEND_MS);
        const lines = checkedLines(template, body['data']);
        checkPage(world, body['page'], body['miniprogram_state']);
        if (lines.some(({ value }) => wordVerdict(value).suggest === 'risky')) throw new ApiError(45168);
        const left = phone.consents[template.id] ?? 0;
        if (left === 0) throw new ApiError(43101);
        if (left > 0) phone.consents[template.id] = left - 1;
        const card = world.addCard(phone, {
          templateId: template.id,
          title: template.title,
          page: typeof body['page'] === 'string' ? body['page'] : null,
          lines,
          state: String(body['miniprogram_state'] ?? 'formal'),
        });
        return { msgid: card.id };
      } finally {
        busy.delete(phone.openid);
      }
    },
  };
}

function checkedLines(template: Template, data: unknown) {
  const values = (typeof data === 'object' && data !== null ? data : {}) as Record<string, { value?: unknown } | null>;
  const foreign = Object.keys(values).find((key) => !(key in template.fields));
  if (foreign) throw new ApiError(47003, `data.${foreign} is not a key of the template`);
  return Object.entries(template.fields).map(([key, label]) => {
    const value = values[key]?.value;
    const fault = faultOf(key, value);
    if (fault) throw new ApiError(47003, fault);
    return { key, label, value: String(value) };
  });
}

function checkPage(world: World, page: unknown, state: unknown): void {
  if (page === undefined || page === '') return;
  if (typeof page !== 'string') throw new ApiError(41030);
  const released = world.options.pages;
  const [path = ''] = page.replace(/^\//, '').split('?');
  const isKnown = released ? released.includes(path) : /^[\w-]+(\/[\w-]+)*$/.test(path);
  if (!isKnown && (state ?? 'formal') === 'formal') throw new ApiError(41030);
}
