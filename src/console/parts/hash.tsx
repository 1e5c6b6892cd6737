import type { FunctionalComponent } from 'vue';
import { complain, said } from './states';

const SHOWN = 8;

/** A code that stands for content to the letter: enough of it to tell two apart, and the whole to be compared elsewhere. */
export const Hash: FunctionalComponent<{ value: string }> = ({ value }) => {
  const copy = (): void => { navigator.clipboard.writeText(value).then(() => said('校验码已复制'), complain); };
  return <span class="nowrap"><code class="head" title={value}>{value.slice(0, SHOWN)}…</code> <button type="button" class="link plain" onClick={copy}>复制<span class="unseen">校验码</span></button></span>;
};
Hash.props = ['value'];
