import type { FunctionalComponent } from 'vue';

/** The frame of the pages in front of the door. */
export const Doorway: FunctionalComponent<{ title: string }> = ({ title }, { slots }) => (
  <main class="doorway">
    <div class="doorway-card">
      <p class="doorway-brand"><span class="brand-mark" aria-hidden="true" />数转通</p>
      <h1>{title}</h1>
      {slots.default?.()}
    </div>
    <p class="doorway-foot">新乡市中小企业数字化转型城市试点 · 仅限工作人员使用，操作全程留痕</p>
  </main>
);
Doorway.props = ['title'];
