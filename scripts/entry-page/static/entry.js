/** Keeps the dynamic codes current, counts down to the next, and copies what is to be typed. */
const STEP_SECONDS = 30;
const countdown = document.querySelector('.countdown');
const [bar, words] = countdown.children;
let until = 0;

async function load() {
  const { codes, until: next } = await (await fetch('/codes')).json();
  for (const place of document.querySelectorAll('.code')) place.textContent = codes[place.dataset.login];
  until = next;
}

async function tick() {
  try {
    if (Date.now() >= until) await load();
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    bar.value = Math.min(left, STEP_SECONDS);
    words.textContent = `动态口令还有 ${left} 秒更换；每个口令只能用一次`;
    countdown.classList.toggle('ending', left <= 5);
  } catch {
    words.textContent = '入口已停止：请看 npm start 是否还在运行';
  }
  setTimeout(tick, 500);
}

document.addEventListener('click', async ({ target }) => {
  if (!(target instanceof HTMLElement) || !target.matches('.copy')) return;
  await navigator.clipboard.writeText(target.previousElementSibling.textContent);
  target.textContent = '已复制';
  setTimeout(() => { target.textContent = '复制'; }, 1500);
});

if (document.querySelector('.code')) {
  countdown.hidden = false;
  void tick();
}
if (navigator.clipboard) for (const button of document.querySelectorAll('.copy')) button.hidden = false;
