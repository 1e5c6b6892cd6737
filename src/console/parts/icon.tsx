import type { FunctionalComponent } from 'vue';

/** A drawing of TDesign's icon set, the same that the phones show. It says nothing that the word beside it does not. `svg` is text of the build, never of a person. */
export const Icon: FunctionalComponent<{ svg: string }> = ({ svg }) => <span class="icon" aria-hidden="true" innerHTML={svg.replace('view-box', 'viewBox')} />;
Icon.props = ['svg'];
