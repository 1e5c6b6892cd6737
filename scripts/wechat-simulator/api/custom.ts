import { ApiError } from '../errors';
import type { Call } from './call';
import type { Phone } from '../types';
import type { World } from '../world';

const MESSAGE_WINDOW = { left: 5, ms: 48 * 3600_000 };
const ENTER_WINDOW = { left: 2, ms: 60_000 };
const TYPING_AFTER_MS = 30_000;
const TYPING_MS = 15_000;

/** What the service may send after the user wrote, or came in. Each act gives the full allowance anew, nothing adds up. */
export function openWindow(world: World, phone: Phone, act: 'message' | 'enter'): void {
  const { left, ms } = act === 'message' ? MESSAGE_WINDOW : ENTER_WINDOW;
  const now = world.now();
  const isStillWider = phone.window && phone.window.until > now + ms && phone.window.left >= left;
  if (!isStillWider) phone.window = { left, until: now + ms };
  phone.lastExchangeAt = now;
}

export function customApi(world: World) {
  const typing = ({ body }: Call) => {
    const phone = world.phone(body['touser']);
    const now = world.now();
    if (body['command'] === 'CancelTyping') phone.typingUntil = 0;
    else if (body['command'] !== 'Typing') throw new ApiError(45072);
    else if (now - phone.lastExchangeAt > TYPING_AFTER_MS) throw new ApiError(45080);
    else if (phone.typingUntil > now) throw new ApiError(45081);
    else phone.typingUntil = now + TYPING_MS;
    world.changed(phone);
    return {};
  };

  return {
    'POST /cgi-bin/message/custom/send': ({ body }: Call) => {
      const phone = world.phone(body['touser']);
      const kind = String(body['msgtype']);
      const text = textOf(kind, body[kind]);
      if (!phone.window || phone.window.until <= world.now()) throw new ApiError(45015);
      if (phone.window.left <= 0) throw new ApiError(45047);
      phone.window.left -= 1;
      phone.typingUntil = 0;
      phone.lastExchangeAt = world.now();
      world.addLine(phone, { from: 'service', kind, text });
      return {};
    },
    // The pages of WeChat's documentation disagree on this path.
    'POST /cgi-bin/message/custom/typing': typing,
    'POST /cgi-bin/message/custom/business/typing': typing,
  };
}

/** The main text of a message; 45162 when its structure does not fit its type. */
function textOf(kind: string, part: unknown): string {
  const required: Record<string, string[]> = {
    text: ['content'],
    image: ['media_id'],
    link: ['title', 'description', 'url', 'thumb_url'],
    miniprogrampage: ['title', 'pagepath', 'thumb_media_id'],
  };
  const names = required[kind];
  const values = (typeof part === 'object' && part !== null ? part : {}) as Record<string, unknown>;
  if (!names?.every((name) => typeof values[name] === 'string' && values[name] !== '')) throw new ApiError(45162);
  return String(values[names[0]!]);
}
