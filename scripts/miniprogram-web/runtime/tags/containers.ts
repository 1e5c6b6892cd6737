import { role } from '../dom';
import { givePhoneNumber, agreePrivacy } from '../api/people';
import { current } from '../pages';
import { around, define, type Tag } from './define';

const OPENS: Record<string, string> = { navigate: 'navigateTo', redirect: 'redirectTo', switchTab: 'switchTab', reLaunch: 'reLaunch', navigateBack: 'navigateBack' };

export function defineContainers(): void {
  define('wx-button', {
    openType: String, formType: String, type: String, size: String, plain: Boolean, loading: Boolean, lang: String, sessionFrom: String,
    sendMessageTitle: String, sendMessagePath: String, sendMessageImg: String, showMessageCard: Boolean, appParameter: String, hoverStopPropagation: Boolean,
    hoverStartTime: Number, hoverStayTime: Number, phoneNumberNoQuotaToast: Boolean, activityType: Number, entrancePath: String, needShowEntrance: Boolean,
  }, function setUp(this: Tag, element) {
    role(element, 'button');
    element.tabIndex = 0;
    element.addEventListener('keydown', ({ key }) => { if (key === 'Enter' || key === ' ') element.click(); });
    element.addEventListener('click', async () => {
      if (this.data.disabled) return;
      const { openType, formType } = this.data;
      if (formType) around(element, 'wx-form')?.[formType]();
      if (openType === 'getPhoneNumber') this.fire('getphonenumber', await givePhoneNumber());
      if (openType === 'agreePrivacyAuthorization') { agreePrivacy(element.id); this.fire('agreeprivacyauthorization', { errMsg: 'ok' }); }
      if (openType === 'share') current()?.caller.onShareAppMessage?.({ from: 'button' });
    });
  });

  define('wx-form', {}, function setUp(this: Tag, element) {
    const named = () => [...element.querySelectorAll('*')].map((one) => (one as any).__wxElement).filter((one) => one?.data?.name);
    this.submit = () => this.fire('submit', { value: Object.fromEntries(named().map(({ data }) => [data.name, data.value ?? data.checked])) });
    this.reset = () => this.fire('reset');
  });

  define('wx-scroll-view', {
    scrollX: Boolean, scrollY: Boolean, scrollTop: null, scrollLeft: null, scrollIntoView: String, upperThreshold: { type: Number, value: 50 },
    lowerThreshold: { type: Number, value: 50 }, scrollWithAnimation: Boolean, enableFlex: Boolean, enhanced: Boolean, showScrollbar: Boolean,
    refresherEnabled: Boolean, refresherTriggered: Boolean, scrollAnchoring: Boolean,
  }, function setUp(this: Tag, element) {
    // Whoever has no finger scrolls it with the arrow keys.
    element.tabIndex = 0;
    let isLow = false;
    let isUp = true;
    element.addEventListener('scroll', () => {
      const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight } = element;
      this.fire('scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth });
      const low = scrollHeight - clientHeight - scrollTop <= this.data.lowerThreshold;
      const up = scrollTop <= this.data.upperThreshold;
      if (low && !isLow) this.fire('scrolltolower', { direction: 'bottom' });
      if (up && !isUp) this.fire('scrolltoupper', { direction: 'top' });
      [isLow, isUp] = [low, up];
    });
  }, {
    'scrollX,scrollY'(x, y) { this.element.style.overflowX = x ? 'auto' : 'hidden'; this.element.style.overflowY = y ? 'auto' : 'hidden'; },
    scrollTop(top) { if (top !== null && top !== '') requestAnimationFrame(() => { this.element.scrollTop = Number.parseFloat(top); }); },
    scrollLeft(left) { if (left !== null && left !== '') requestAnimationFrame(() => { this.element.scrollLeft = Number.parseFloat(left); }); },
    scrollIntoView(id) {
      // Twice: once the frame that draws the new content has been laid out. Only this view scrolls, as in WeChat; the browser's own way would move the page too.
      if (id) requestAnimationFrame(() => requestAnimationFrame(() => {
        const child = this.element.querySelector(`#${CSS.escape(id)}, [id$="--${CSS.escape(id)}"]`)?.getBoundingClientRect();
        if (!child) return;
        const { left, top } = this.element.getBoundingClientRect();
        if (this.data.scrollX) this.element.scrollLeft += child.left - left;
        if (this.data.scrollY) this.element.scrollTop += child.top - top;
      }));
    },
    enableFlex(flex) { if (flex) this.element.style.display = 'flex'; },
  });

  define('wx-swiper', {
    current: Number, autoplay: Boolean, interval: Number, duration: Number, circular: Boolean, vertical: Boolean, indicatorDots: Boolean,
    displayMultipleItems: Number, nextMargin: null, previousMargin: null,
  }, function setUp(this: Tag, element) {
    let from = 0;
    this.index = 0;
    this.to = (wanted: number, source: string) => {
      const items = [...element.children] as HTMLElement[];
      const index = Math.max(0, Math.min(items.length - 1, wanted));
      for (const item of items) item.style.transform = `translateX(${-100 * index}%)`;
      if (index === this.index) return;
      this.index = index;
      this.fire('change', { current: index, source });
    };
    element.addEventListener('touchstart', ({ touches }) => { from = touches[0]!.clientX; });
    element.addEventListener('touchend', ({ changedTouches }) => {
      const moved = changedTouches[0]!.clientX - from;
      if (Math.abs(moved) > 40) this.to(this.index + (moved < 0 ? 1 : -1), 'touch');
    });
  }, { current(index) { requestAnimationFrame(() => this.to(index, '')); } });
  define('wx-swiper-item', { itemId: String });

  define('wx-navigator', { url: String, openType: { type: String, value: 'navigate' } }, function setUp(this: Tag, element) {
    role(element, 'link');
    element.tabIndex = 0;
    element.addEventListener('click', () => {
      const { url, openType } = this.data;
      if (url) (globalThis as any).wx[OPENS[openType]!]({ url });
    });
  });

  define('wx-label', { for: String }, function setUp(this: Tag, element) {
    element.addEventListener('click', ({ target }) => {
      if (target instanceof HTMLInputElement) return;
      (element.querySelector('input, textarea') as HTMLElement | null)?.click();
    });
  });

  define('wx-page-meta', { pageStyle: String, rootFontSize: String }, function setUp(this: Tag, element) {
    // Its style is the page's; the template is drawn before it is part of one.
    this.dress = () => { const page = element.closest<HTMLElement>('wx-page'); if (page) page.style.cssText = this.data.pageStyle ?? ''; };
    requestAnimationFrame(this.dress);
  }, { pageStyle() { this.dress(); } });
}
