import { pageLook } from '../services/text-size';

/** Each page has it, with `<page-meta page-style="{{look}}" />` as the first node of its template. */
export const inTextSize = Behavior({
  data: { look: '' },
  lifetimes: {
    attached() { this.setData({ look: pageLook() }); },
  },
  pageLifetimes: {
    /** It may have been changed on another page. */
    show() {
      const look = pageLook();
      if (look !== this.data.look) this.setData({ look });
    },
  },
});
