import { createCipheriv } from 'node:crypto';
import * as fc from 'fast-check';
import { decrypt, encrypt, signatureOf } from '../../../src/wechat/cipher';
import { readDocument } from '../../../src/wechat/documents';
import { encryptReply, receivePush, verifyUrl, type PushMessage, type PushQuery, type PushSettings } from '../../../src/wechat/push';

const APP_ID = 'wx00sim00000000001';
const KEY = { token: 'simtoken', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
const secure: PushSettings = { appId: APP_ID, keys: [KEY], mode: 'secure' };
const plain: PushSettings = { ...secure, mode: 'plain' };
const OPENID = 'oSIM5a1b2c3d4e5f6g7h8i9j0k1l2';
const STAMP = { timestamp: '1795356000', nonce: '778899' };
const now = new Date(1795356000_000);

const sealed = (message: string, settings = secure, key = KEY): { query: PushQuery; rawBody: string } => {
  const encrypted = encrypt(message, key.encodingAesKey, settings.appId);
  const msg_signature = signatureOf(key.token, STAMP.timestamp, STAMP.nonce, encrypted);
  return {
    query: { ...STAMP, encrypt_type: 'aes', openid: OPENID, msg_signature },
    rawBody: JSON.stringify({ ToUserName: 'gh_sim', Encrypt: encrypted }),
  };
};

const open = (rawBody: string): PushMessage => {
  const signature = signatureOf(KEY.token, STAMP.timestamp, STAMP.nonce);
  const receipt = receivePush({ query: { ...STAMP, signature }, rawBody, settings: plain, now });
  if ('refusal' in receipt) throw new Error(receipt.refusal);
  return receipt.message;
};

const textJson = (messageId: string, content = '你好') =>
  `{"ToUserName":"gh_sim","FromUserName":"${OPENID}","CreateTime":1795356000,"MsgType":"text","Content":${JSON.stringify(content)},"MsgId":${messageId}}`;

describe("WeChat's published vectors", () => {
  it.each([
    ['AAAAA', '1714036504', '1514711492', 'f464b24fc39322e44b38aa78f5edd27bd1441696'],
    ['AAAAA', '1714037059', '486452656', '899cf89e464efb63f54ddac96b0a0a235f53aa78'],
  ])('signs token %s, %s, %s', (token, timestamp, nonce, expected) => {
    expect(signatureOf(token, timestamp, nonce)).toBe(expected);
  });

  it('wraps the demo reply byte for byte, and opens it again', () => {
    const settings: PushSettings = {
      appId: 'wxba5fad812f8e6fb9',
      keys: [{ token: 'AAAAA', encodingAesKey: 'A'.repeat(43) }],
      mode: 'secure',
    };
    const message = '{"demo_resp":"good luck"}';
    const reply = JSON.parse(
      encryptReply({
        message,
        settings,
        timestamp: '1713424427',
        nonce: '415670741',
        format: 'json',
        random: Buffer.from('707722b803182950'),
      }),
    );
    expect(reply).toEqual({
      Encrypt: 'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==',
      MsgSignature: '1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1',
      TimeStamp: 1713424427,
      Nonce: '415670741',
    });
    expect(decrypt(reply.Encrypt, 'A'.repeat(43), settings.appId)).toEqual({ message });
  });

  it('opens a secure push whose MsgId is larger than a JavaScript number keeps', () => {
    const encrypted =
      'Q3stYC6hdFzMh9T8HCvyDI8JqDGVXlxzw6lu8RXNeSY5pa3WMXCqq9T51IqTmzEMVPIsaoH0nouZpIZ4ct3Nl57KQ1VPEDvxT1v2lzsP+cFe+qz6a0u43+jt0mDRys44ZsbYLMneyxe+jbSp6GamwYEPOshjI67vAgqKsRrNoCXbWm68vNpQPJ5L4+6J8vsnXl8dg2LWsdHGXfiXDHL9eKzn++dNtOxFHwaG8wrtoyEU7dWHN7gkdwcXkWbFzf55MlAyzsQfjhNRq2hUlsdMEO+iN1nIN5qtX+cne5AOKog=';
    const receipt = receivePush({
      query: { ...STAMP, encrypt_type: 'aes', msg_signature: 'd66c055aaeabd657f1c319968587295233451234' },
      rawBody: JSON.stringify({ ToUserName: 'gh_sim000000001', Encrypt: encrypted }),
      settings: secure,
      now,
    });
    expect(receipt).toEqual({
      message: {
        kind: 'text',
        key: expect.stringMatching(/^[0-9a-f]{32}$/),
        openid: OPENID,
        at: now,
        messageId: '24690135780246901',
        content: '你好',
      },
    });
  });

  it('answers the check of the address with the echo, and only under a good signature', () => {
    const query = { signature: 'd5bba81dcdae9c38ece95bbc6f4e1235c0969b0f', ...STAMP, echostr: '5566778899' };
    expect(verifyUrl(query, secure, now)).toEqual({ echo: '5566778899' });
    expect(verifyUrl({ ...query, signature: query.signature.replace('d', 'e') }, secure, now)).toEqual({ refusal: 'signature' });
    expect(verifyUrl({ ...query, echostr: '<b>1</b>' }, secure, now)).toEqual({ refusal: 'query' });
    expect(verifyUrl({ ...query, echostr: ['1', '2'] }, secure, now)).toEqual({ refusal: 'query' });
  });
});

describe('cipher', () => {
  it('gives any message back, whatever its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (message) => {
        const clean = message.toWellFormed();
        expect(decrypt(encrypt(clean, KEY.encodingAesKey, APP_ID), KEY.encodingAesKey, APP_ID)).toEqual({ message: clean });
      }),
    );
  });

  it('never throws on bytes that are no message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 256 }), (bytes) => {
        expect(decrypt(Buffer.from(bytes).toString('base64'), KEY.encodingAesKey, APP_ID)).toHaveProperty('refusal');
      }),
    );
  });

  it.each([
    ['of which only the last byte is right', [...Array<number>(7).fill(0), 8]],
    ['longer than a block', Array<number>(40).fill(40)],
    ['of nothing', [...Array<number>(7).fill(8), 0]],
  ])('refuses a padding %s', (_name, padding) => {
    const length = Buffer.from([0, 0, 0, 2]);
    const plain = [Buffer.alloc(16), length, Buffer.from('{}'), Buffer.from(APP_ID.padEnd(34, 'x').slice(0, 34))];
    const appId = plain[3]!.toString();
    const key = Buffer.from(`${KEY.encodingAesKey}=`, 'base64');
    const seal = (pad: number[]) => {
      const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
      return Buffer.concat([cipher.update(Buffer.concat([...plain, Buffer.from(pad)])), cipher.final()]).toString('base64');
    };
    expect(decrypt(seal(Array<number>(8).fill(8)), KEY.encodingAesKey, appId)).toEqual({ message: '{}' });
    expect(decrypt(seal(padding), KEY.encodingAesKey, appId)).toEqual({ refusal: 'cipher' });
  });

  it('refuses a message for another appid', () => {
    expect(decrypt(encrypt('{}', KEY.encodingAesKey, 'wxother'), KEY.encodingAesKey, APP_ID)).toEqual({ refusal: 'appid' });
  });
});

describe('A1: what is not from WeChat is refused', () => {
  const good = sealed(textJson('1'));
  const receive = (change: { query?: PushQuery; rawBody?: string; settings?: PushSettings; now?: Date }) =>
    receivePush({ ...good, settings: secure, now, ...change });

  it('takes the packet that nothing was done to', () => expect(receive({})).toHaveProperty('message'));

  it.each<[string, PushQuery, string]>([
    ['without msg_signature', { ...good.query, msg_signature: undefined }, 'query'],
    ['with an empty msg_signature', { ...good.query, msg_signature: '' }, 'signature'],
    ['with another msg_signature', { ...good.query, msg_signature: '0'.repeat(40) }, 'signature'],
    ['with a doubled key', { ...good.query, nonce: ['778899', '778899'] }, 'query'],
    ['with a doubled signature', { ...good.query, msg_signature: [String(good.query['msg_signature']), 'x'] }, 'query'],
    ['without timestamp', { ...good.query, timestamp: '' }, 'query'],
    ['with a timestamp that is no number', { ...good.query, timestamp: '1e9' }, 'query'],
    ['that claims to be open', { ...good.query, encrypt_type: 'raw' }, 'mode'],
    ['signed only for plaintext', { ...STAMP, signature: signatureOf(KEY.token, STAMP.timestamp, STAMP.nonce) }, 'mode'],
  ])('%s', (_name, query, refusal) => {
    expect(receive({ query })).toEqual({ refusal });
  });

  it('another body under the same signature', () => {
    expect(receive({ rawBody: sealed(textJson('2')).rawBody })).toEqual({ refusal: 'signature' });
  });

  it('plain text where only secure mode is on', () => {
    const signature = signatureOf(KEY.token, STAMP.timestamp, STAMP.nonce);
    expect(receive({ query: { ...STAMP, signature, encrypt_type: 'aes', msg_signature: signature }, rawBody: textJson('1') })).toEqual({
      refusal: 'mode',
    });
  });

  it.each([301, -301, 86_400])('A2: %i seconds away from its timestamp', (seconds) => {
    expect(receive({ now: new Date(now.getTime() + seconds * 1000) })).toEqual({ refusal: 'window' });
  });
  it.each([300, -300])('A2: but not at %i seconds', (seconds) => {
    expect(receive({ now: new Date(now.getTime() + seconds * 1000) })).toHaveProperty('message');
  });

  it.each(['not json', '[]', '{"MsgType":"text"}', textJson('1').replace(OPENID, ''), textJson('"<b>"'), '<xml><a></xml>'])(
    'a document that is none of WeChat: %s',
    (body) => {
      expect(receive(sealed(body))).toEqual({ refusal: 'document' });
    },
  );

  it('takes the old key beside the new one while keys are being changed, and not after', () => {
    const next = { token: 'next', encodingAesKey: 'B'.repeat(43) };
    expect(receive({ settings: { ...secure, keys: [next, KEY] } })).toHaveProperty('message');
    expect(receive({ settings: { ...secure, keys: [next] } })).toEqual({ refusal: 'signature' });
  });
});

describe('messages', () => {
  it('keeps neighbouring MsgIds apart that are one JavaScript number', () => {
    const [one, two] = [open(textJson('24690135780246900')), open(textJson('24690135780246901'))];
    expect(Number('24690135780246900') === Number('24690135780246901')).toBe(true);
    expect(one.key).not.toBe(two.key);
  });

  it('leaves long digits inside a text alone', () => {
    expect(open(textJson('1', '号码 91410700123456789012 和 "MsgId":12345678901234567890'))).toMatchObject({
      content: '号码 91410700123456789012 和 "MsgId":12345678901234567890',
    });
  });

  it('reads XML and JSON to the same message', () => {
    const xml = `<xml><ToUserName><![CDATA[gh_sim]]></ToUserName><FromUserName><![CDATA[${OPENID}]]></FromUserName>
      <CreateTime>1795356000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好]]></Content><MsgId>24690135780246901</MsgId></xml>`;
    expect(open(xml)).toEqual(open(textJson('24690135780246901')));
  });

  const answers = [
    { TemplateId: 'TPL_A', SubscribeStatusString: 'accept', PopupScene: '0' },
    { TemplateId: 'TPL_B', SubscribeStatusString: 'reject', PopupScene: '0' },
  ];
  const consents = (list: unknown) =>
    JSON.stringify({ FromUserName: OPENID, CreateTime: 1795356200, MsgType: 'event', Event: 'subscribe_msg_popup_event', List: list });

  it('reads the list of consents as an object, as an array, and in its XML wrapper', () => {
    const one = [{ templateId: 'TPL_A', answer: 'accept' }];
    const both = [...one, { templateId: 'TPL_B', answer: 'reject' }];
    expect(open(consents(answers[0]))).toMatchObject({ kind: 'consents', cause: 'popup', answers: one });
    expect(open(consents(answers))).toMatchObject({ answers: both });
    const entry = (id: string, answer: string) =>
      `<List><TemplateId><![CDATA[${id}]]></TemplateId><SubscribeStatusString>${answer}</SubscribeStatusString></List>`;
    const xml = (lists: string) =>
      `<xml><FromUserName>${OPENID}</FromUserName><CreateTime>1795356200</CreateTime><MsgType>event</MsgType>` +
      `<Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>${lists}</SubscribeMsgPopupEvent></xml>`;
    expect(open(xml(entry('TPL_A', 'accept')))).toEqual(open(consents(answers[0])));
    expect(open(xml(entry('TPL_A', 'accept') + entry('TPL_B', 'reject')))).toEqual(open(consents(answers)));
  });

  it('tells two verdicts of one user in one second apart, and one verdict told twice not', () => {
    const verdict = (traceId: string) =>
      open(
        JSON.stringify({
          FromUserName: OPENID,
          CreateTime: 1795356100,
          MsgType: 'event',
          Event: 'wxa_media_check',
          trace_id: traceId,
          errcode: 0,
          result: { suggest: 'risky', label: 20002 },
        }),
      );
    expect(verdict('a')).toMatchObject({ kind: 'mediaChecked', traceId: 'a', suggest: 'risky', label: 20002 });
    expect(verdict('a').key).toBe(verdict('a').key);
    expect(verdict('a').key).not.toBe(verdict('b').key);
  });

  it('passes on what it does not know by its name only', () => {
    expect(open(textJson('5').replace('"text"', '"voice"'))).toMatchObject({ kind: 'other', name: 'voice' });
  });

  it('shows no openid in the key', () => {
    expect(open(consents(answers[0])).key).not.toContain(OPENID.slice(4, 12));
  });
});

describe('documents', () => {
  it.each([
    '<!DOCTYPE xml [<!ENTITY a "b">]><xml><a>&a;</a></xml>',
    '<xml><a>&a;</a></xml>',
    '<xml><a b="c">1</a></xml>',
    '<xml><!-- c --><a>1</a></xml>',
    '<xml><a>1</b></xml>',
    '<xml><a>1</a>',
    '<xml><a>1</a></xml><xml></xml>',
    '<xml>text<a>1</a></xml>',
    '<xml>'.repeat(50),
    `<xml>${'<a>1</a>'.repeat(3000)}</xml>`,
    '<xml><a>&#x110000;</a></xml>',
  ])('refuses XML of any other kind: %s', (xml) => expect(readDocument(xml)).toBeUndefined());

  it('reads CDATA, the five entities and repeated elements', () => {
    expect(readDocument('<?xml version="1.0"?>\n<xml><a><![CDATA[<b>&amp;]]></a><c>&lt;&#20320;&amp;</c><l>1</l><l>2</l><e/></xml>')).toEqual({
      a: '<b>&amp;',
      c: '<你&',
      l: ['1', '2'],
      e: '',
    });
  });

  it('takes no prototype from a document', () => {
    const fields = readDocument('<xml><__proto__><polluted>1</polluted></__proto__></xml>');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(fields)).toBeNull();
  });

  it('survives any text', () => {
    const almostXml = fc.string({ unit: fc.constantFrom('<', '>', '/', 'a', '&', ']', '!', 'xml', '<![CDATA[') });
    fc.assert(
      fc.property(fc.oneof(fc.string(), almostXml), (text) => {
        expect(['object', 'undefined']).toContain(typeof readDocument(text));
      }),
      { numRuns: 2000 },
    );
  });
});
