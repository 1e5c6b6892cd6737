import { ApiError } from './errors';
import { openWindow } from './api/custom';
import type { Fault, Faults } from './faults';
import type { Pusher, PushFields } from './push';
import type { Delivery, Phone } from './types';
import type { World } from './world';

export type Control = ReturnType<typeof createControl>;

/**
 * What a person does with a phone, and what can be made to go wrong. Tests call it directly, the demo and the page over
 * `/sim`. Acts that WeChat would push are pushed in the background; `settled()` waits for them.
 */
export function createControl(world: World, pusher: Pusher, faults: Faults) {
  const phoneOf = (openid: string): Phone => world.phone(openid);

  function say(openid: string, fields: PushFields, line: { kind: string; text: string }): Delivery['openid'] {
    const phone = phoneOf(openid);
    world.addLine(phone, { from: 'user', ...line });
    openWindow(world, phone, 'message');
    const messageId = world.nextMsgId();
    pusher.send({ ...world.envelope(phone, String(fields['MsgType'])), ...fields, MsgId: messageId });
    return messageId;
  }

  return {
    addPhone: (given: Parameters<World['addPhone']>[0] = {}) => world.addPhone(given),
    phones: () => [...world.phones.values()],
    phone: phoneOf,

    /** `wx.login` on this phone: a code for code2Session. */
    loginCode: (openid: string) => world.issueCode(phoneOf(openid), 'login'),
    /** A tap on the phone-number button: a code for getuserphonenumber. */
    phoneCode: (openid: string) => world.issueCode(phoneOf(openid), 'phone'),
    /** The user opens the mini-program: content checks know them for two hours. */
    touch(openid: string) {
      const phone = phoneOf(openid);
      phone.lastSeenAt = world.now();
      world.changed(phone);
    },
    setHighRisk(openid: string, isHighRisk: boolean) {
      phoneOf(openid).isHighRisk = isHighRisk;
    },

    /** `wx.requestSubscribeMessage`: the user answers the sheet, and WeChat pushes the answers. */
    answerConsents(openid: string, answers: Record<string, 'accept' | 'reject'>) {
      const phone = phoneOf(openid);
      const list = Object.entries(answers).map(([TemplateId, answer]) => {
        world.answerConsent(phone, TemplateId, answer);
        return { TemplateId, SubscribeStatusString: answer, PopupScene: '0' };
      });
      pusher.send({ ...world.envelope(phone, 'event'), Event: 'subscribe_msg_popup_event', List: oneOrMany(list) });
      return phone.consents;
    },
    /** The user switches templates off in the settings; WeChat pushes only refusals. */
    refuseInSettings(openid: string, templateIds: string[]) {
      const phone = phoneOf(openid);
      const list = templateIds.map((TemplateId) => {
        world.answerConsent(phone, TemplateId, 'reject');
        return { TemplateId, SubscribeStatusString: 'reject' };
      });
      pusher.send({ ...world.envelope(phone, 'event'), Event: 'subscribe_msg_change_event', List: oneOrMany(list) });
      return phone.consents;
    },

    /** WeChat's report on a card it had taken: it failed after all when `errorCode` is not 0. */
    reportSent(openid: string, templateId: string, errorCode = 0, status = 'success') {
      pusher.send({
        ...world.envelope(phoneOf(openid), 'event'),
        Event: 'subscribe_msg_sent_event',
        List: { TemplateId: templateId, MsgID: world.nextMsgId(), ErrorCode: errorCode, ErrorStatus: status },
      });
    },

    sendText: (openid: string, content: string) =>
      say(openid, { MsgType: 'text', Content: content }, { kind: 'text', text: content }),
    sendImage: (openid: string, pictureUrl: string) =>
      say(openid, { MsgType: 'image', PicUrl: pictureUrl, MediaId: `MEDIA_${world.nextId()}` }, { kind: 'image', text: pictureUrl }),
    sendCard: (openid: string, title: string, page: string) =>
      say(
        openid,
        {
          MsgType: 'miniprogrampage',
          Title: title,
          AppId: world.options.appId,
          PagePath: page,
          ThumbUrl: 'https://img.example.com/thumb.jpg',
          ThumbMediaId: `MEDIA_${world.nextId()}`,
        },
        { kind: 'card', text: title },
      ),
    /** The user comes in by a customer-service button. */
    enterChat(openid: string, from = '') {
      const phone = phoneOf(openid);
      phone.lastSeenAt = world.now();
      openWindow(world, phone, 'enter');
      world.addLine(phone, { from: 'system', kind: 'notice', text: '进入客服会话' });
      pusher.send({ ...world.envelope(phone, 'event'), Event: 'user_enter_tempsession', SessionFrom: from });
    },

    cards: (openid: string) => phoneOf(openid).cards,
    chat: (openid: string) => phoneOf(openid).chat,
    /** What the product called so far, in order; only paths that begin with `path`. */
    calls: (path = '') => world.calls.filter((call) => call.path.startsWith(path)),
    deliveries: () => world.deliveries,
    templates: () => [...world.templates.values()],

    addFault: (fault: Fault) => faults.add(fault),
    faults: () => faults.list(),
    clearFaults: () => faults.clear(),
    /** Makes the tokens given out so far invalid; their next use answers this code. */
    killTokens: (errcode: 40001 | 40014 | 42001 = 40001) => world.tokens.kill(errcode),
    banTemplate: (templateId: string) => world.banned.add(templateId),
    advance: (seconds: number) => world.advance(seconds * 1000),
    settled: () => pusher.settled(),
    reset() {
      faults.clear();
      world.reset();
    },
  };
}

/** WeChat's JSON gives a list of one as the entry itself. */
function oneOrMany<T>(list: T[]): T | T[] {
  if (list.length === 0) throw new ApiError(40037);
  return list.length === 1 ? list[0]! : list;
}
