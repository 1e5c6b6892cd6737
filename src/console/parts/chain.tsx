import { Button } from 'tdesign-vue-next';
import { defineComponent, ref } from 'vue';
import type { ChainState, ChainVerdict } from '../../audit/audit';
import { get, sentenceOf } from '../api';
import { moment } from '../format';
import { load } from '../load';
import { TextField } from './text-field';

export type CheckedChain = (ChainState | ChainVerdict) & { checkedAt: string };
type Receipt = { genuine: false } | { genuine: true; seq: number; at: string };

/** Whether it is whole in one line; what proves it can be unfolded, by who may see it. */
export const chainFacts = (chain: CheckedChain) => (
  <>
    {chain.whole
      ? <p class="note note-success">记录完整{'lines' in chain ? `，共 ${chain.lines} 条` : ''}。</p>
      : <p class="note note-error" role="alert">记录不完整：第 {chain.broken!.seq} 条，{chain.broken!.inWords}。请立即报告审计人员，不要继续办理。</p>}
    <details open={!chain.whole}>
      <summary>校验详情</summary>
      <dl class="facts">
        {'lines' in chain ? (
          <>
            <dt>校验码</dt><dd><code class="head chain-head">{chain.head}</code></dd>
            {chain.lastAt ? <><dt>最后一条</dt><dd>第 {chain.lines} 条　{moment(chain.lastAt)}</dd></> : null}
          </>
        ) : null}
        <dt>校验于</dt><dd>{moment(chain.checkedAt)}</dd>
      </dl>
    </details>
  </>
);

/** In what was typed, or read from the code on a receipt, which names the case too. */
const HEAD = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/;
const NO = /[A-Z]{2}\d{8}-[0-9A-Z]{6}/;

/** Whether this case's record is whole, as the server has just checked it; and whether a receipt somebody holds is genuine. */
export const ChainCard = defineComponent({
  name: 'ChainCard',
  props: { no: { type: String, required: true }, head: { type: String, required: true } },
  setup(props) {
    const chain = load(() => get<CheckedChain>(`/api/v1/cases/${props.no}/chain`), () => `${props.no} ${props.head}`);
    const head = ref('');
    const answer = ref<Receipt | null>(null);
    const fault = ref('');

    async function check(event: Event): Promise<void> {
      event.preventDefault();
      const typed = HEAD.exec(head.value.toLowerCase())?.[0];
      const named = NO.exec(head.value.toUpperCase())?.[0] ?? props.no;
      answer.value = null;
      fault.value = !typed ? '请填写回执上的 64 位校验码，或扫描回执上的二维码' : named === props.no ? '' : `这是 ${named} 的回执，不是本案的`;
      if (!typed || fault.value) return;
      try { answer.value = await get<Receipt>(`/api/v1/receipts/${props.no}/${typed}`); } catch (error) { fault.value = sentenceOf(error); }
    }

    return () => (
      <div class="chain">
        <h3>记录校验</h3>
        {chain.loading ? <p class="quiet" role="status">正在校验…</p> : null}
        {chain.error ? <p class="quiet" role="alert">{chain.error.text} <button type="button" class="link" onClick={() => void chain.reload()}>重试</button></p> : null}
        {chain.value ? chainFacts(chain.value) : null}
        <details>
          <summary>核对当事人的回执</summary>
          <form novalidate onSubmit={(event) => void check(event)}>
            <TextField label="回执校验码" name="receipt" value={head.value} fault={fault.value} maxlength={300} onChange={(value: string) => { head.value = value; fault.value = ''; answer.value = null; }} />
            <p class="opening-ask"><Button type="submit" size="small" theme="default" variant="outline">核对</Button></p>
          </form>
          {answer.value ? answer.value.genuine
            ? <p class="note note-success" role="status">回执属实：本案第 {answer.value.seq} 条，{moment(answer.value.at)}。</p>
            : <p class="note note-error" role="status">回执与本案记录不符。</p> : null}
        </details>
      </div>
    );
  },
});
