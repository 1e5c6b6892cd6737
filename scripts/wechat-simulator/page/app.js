const $ = (id) => document.getElementById(id);
const KINDS = {
  text: '文字消息',
  image: '图片消息',
  miniprogrampage: '小程序卡片',
  user_enter_tempsession: '进入会话',
  subscribe_msg_popup_event: '授权弹窗结果',
  subscribe_msg_change_event: '设置中拒收',
  subscribe_msg_sent_event: '订阅消息送达',
  wxa_media_check: '图片审核结果',
};
const seen = new Map();
let phones = [];
let templates = [];
let miniProgramUrl = null;
let chosen = new URLSearchParams(location.search).get('openid') || localStorage.getItem('openid');
let loading = null;
let isStale = false;

async function call(method, path, body) {
  const response = await fetch(`/sim${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return response.json();
}

function make(tag, attributes = {}, ...children) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children.filter((child) => child !== null));
  return element;
}

const clockOf = (iso) => {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date().toDateString();
  const time = at.toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
  return isToday ? time : `${at.toLocaleDateString('zh-CN')} ${time}`;
};
const current = () => phones.find((phone) => phone.openid === chosen);
const of = (path) => `/phones/${encodeURIComponent(chosen)}${path}`;
const tintOf = (openid) => `hsl(${[...openid].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 360, 7)} 38% 46%)`;

function drawPhones() {
  $('phones').replaceChildren(
    ...phones.map((phone) => {
      const isChosen = phone.openid === chosen;
      if (isChosen) seen.set(phone.openid, phone.cards.length);
      const unseen = phone.cards.length - (seen.get(phone.openid) ?? phone.cards.length);
      if (!seen.has(phone.openid)) seen.set(phone.openid, phone.cards.length);
      const face = make('i', { className: 'face', textContent: [...phone.nickname][0] ?? '微' });
      face.style.setProperty('--tint', tintOf(phone.openid));
      const button = make(
        'button',
        { type: 'button', className: 'phone', onclick: () => choose(phone.openid) },
        face,
        make('span', {}, make('b', { textContent: phone.nickname }), make('span', { textContent: phone.phoneNumber })),
        unseen > 0 ? make('i', { className: 'badge', textContent: unseen }) : null,
      );
      button.setAttribute('aria-pressed', String(isChosen));
      return button;
    }),
  );
  if (phones.length === 0) $('phones').append(make('p', { className: 'empty', textContent: '还没有手机，先添加一部。' }));
}

function lineOf(line) {
  const time = make('time', { dateTime: line.at, textContent: clockOf(line.at) });
  const content =
    line.kind === 'image' && /^https?:/.test(line.text) ? make('img', { src: line.text, alt: '图片' }) : make('span', { textContent: line.text });
  return make('li', { className: `line ${line.from}` }, content, line.from === 'system' ? null : time);
}

function drawChat(phone) {
  const chat = $('chat');
  const wasAtEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 60;
  chat.replaceChildren(...(phone?.chat ?? []).map(lineOf));
  if (wasAtEnd) chat.scrollTop = chat.scrollHeight;
  $('typing').textContent = phone?.isTyping ? '对方正在输入…' : '';
  $('window').textContent = phone?.window
    ? `客服还可发 ${phone.window.left} 条（至 ${clockOf(new Date(phone.window.until).toISOString())}）`
    : '客服现在不能主动发消息';
  for (const element of [...$('say').elements, $('enter')]) element.disabled = !phone;
}

function cardOf(card) {
  const list = make('dl');
  for (const { label, value } of card.lines) list.append(make('dt', { textContent: label }), make('dd', { textContent: value }));
  return make(
    'li',
    { className: 'message' },
    make('h3', { textContent: card.title }),
    make('time', { dateTime: card.at, textContent: clockOf(card.at) }),
    list,
    make('footer', {}, card.page ? opener('进入小程序查看', card.page) : '不可点击'),
  );
}

/** Opens the mini-program of the chosen phone, at a page; a plain word where no browser can show it. */
function opener(words, page = '') {
  if (!miniProgramUrl) return `${words}：${page}`;
  const address = `${miniProgramUrl}/${encodeURIComponent(chosen)}${page ? `?at=${encodeURIComponent(page)}` : ''}`;
  return make('a', { href: address, target: `phone-${chosen}`, textContent: words });
}

function drawCards(phone) {
  const cards = (phone?.cards ?? []).toReversed();
  $('count').textContent = cards.length ? `共 ${cards.length} 条` : '';
  $('cards').replaceChildren(...cards.map(cardOf));
  if (cards.length === 0) $('cards').append(make('li', { className: 'empty', textContent: '还没有收到订阅消息。' }));
}

function drawConsents(phone) {
  $('consents').replaceChildren(
    ...templates.map((template) => {
      const left = phone?.consents[template.id] ?? 0;
      const answer = (word) => act(() => call('POST', of('/consents'), { answers: { [template.id]: word } }));
      const name = make('td', {}, template.title, make('small', { textContent: template.kind === 'once' ? '一次性' : '长期' }));
      const accept = make('button', { type: 'button', className: 'small', textContent: '允许', disabled: !phone, onclick: () => answer('accept') });
      const reject = make('button', { type: 'button', className: 'small plain', textContent: '拒绝', disabled: !phone, onclick: () => answer('reject') });
      return make('tr', {}, name, make('td', { textContent: left < 0 ? '不限' : left }), make('td', {}, accept, ' ', reject));
    }),
  );
}

function drawFacts(phone) {
  const facts = phone ? { openid: phone.openid, 手机号: `+${phone.countryCode} ${phone.phoneNumber}` } : {};
  $('facts').replaceChildren(
    ...Object.entries(facts).flatMap(([name, value]) => [make('dt', { textContent: name }), make('dd', { textContent: value })]),
  );
  $('open').replaceChildren(phone && miniProgramUrl ? opener('打开小程序') : '');
  $('title').textContent = phone ? `数转通客服 · ${phone.nickname}` : '请选择手机';
}

function drawDeliveries(deliveries, push) {
  const mine = deliveries.filter(({ openid }) => openid === chosen).slice(-30).toReversed();
  $('deliveries').replaceChildren(
    ...mine.map((delivery) => {
      const last = delivery.attempts.at(-1);
      const waiting = push.url ? '推送中' : '未设推送地址';
    const told = delivery.isDelivered
        ? `已送达 ${last.ms} ms`
        : delivery.attempts.length === 0 ? waiting : `未送达，第 ${delivery.attempts.length} 次（${last.status ?? '无应答'}）`;
      return make(
        'li',
        {},
        make('span', { textContent: `${clockOf(delivery.at)} ${KINDS[delivery.name] ?? delivery.name}` }),
        make('span', { className: delivery.isDelivered ? 'ok' : last ? 'bad' : 'soft', textContent: told }),
      );
    }),
  );
  if (mine.length === 0) $('deliveries').append(make('li', { className: 'empty', textContent: '还没有推送。' }));
}

async function load() {
  const [list, known, deliveries, push] = await Promise.all(
    ['/phones', '/templates', '/deliveries', '/push'].map((path) => call('GET', path)),
  );
  phones = list;
  templates = known;
  if (!current()) chosen = phones[0]?.openid ?? null;
  const phone = current();
  drawPhones();
  drawChat(phone);
  drawCards(phone);
  drawConsents(phone);
  drawFacts(phone);
  drawDeliveries(deliveries, push);
}

/** At most one load under way and one waiting: a burst of changes is drawn once. */
function refresh() {
  isStale = true;
  loading ??= (async () => {
    while (isStale) {
      isStale = false;
      await load().catch(() => showLive(false));
    }
    loading = null;
  })();
  return loading;
}

async function act(work) {
  try {
    await work();
  } catch (error) {
    $('code').textContent = `操作未成功：${error.message}`;
  }
  await refresh();
}

function choose(openid) {
  chosen = openid;
  localStorage.setItem('openid', openid);
  $('code').textContent = '点按钮生成；五分钟内有效，只能用一次。';
  $('chat').replaceChildren();
  void refresh();
}

function showLive(isOn) {
  $('live').className = isOn ? 'live on' : 'live';
  $('live').textContent = isOn ? '实时更新' : '连接断开，正在重试';
}

$('add').addEventListener('submit', (event) => {
  event.preventDefault();
  const given = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value.trim() !== ''));
  void act(async () => {
    const phone = await call('POST', '/phones', given);
    event.target.reset();
    choose(phone.openid);
  });
});
$('say').addEventListener('submit', (event) => {
  event.preventDefault();
  const content = event.target.elements.content.value.trim();
  if (!content || !chosen) return;
  event.target.reset();
  $('chat').scrollTop = $('chat').scrollHeight;
  void act(() => call('POST', of('/customer/text'), { content }));
});
$('image').addEventListener('click', () => act(() => call('POST', of('/customer/image'), {})));
$('enter').addEventListener('click', () => act(() => call('POST', of('/customer/enter'), { from: 'page' })));
for (const button of document.querySelectorAll('[data-code]')) {
  button.addEventListener('click', () =>
    act(async () => {
      const { code } = await call('POST', of(`/${button.dataset.code}`));
      $('code').replaceChildren(`${button.textContent}：`, make('b', { textContent: code }));
    }),
  );
}

void call('GET', '/about').then((about) => {
  ({ miniProgramUrl } = about);
  return refresh();
});
const events = new EventSource('/sim/events');
events.addEventListener('open', () => {
  showLive(true);
  void refresh();
});
events.addEventListener('error', () => showLive(false));
events.addEventListener('change', refresh);
void refresh();
