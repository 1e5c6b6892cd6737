import { Button } from 'tdesign-vue-next';
import { defineComponent, onMounted, ref, type PropType } from 'vue';
import { RouterLink } from 'vue-router';
import { isProblem, post, sentenceOf } from '../api';
import { day, moment, size } from '../format';
import { has } from '../session';
import { TextBox } from './box';
import { Modal } from './modal';
import { said } from './states';

export interface Revision {
  version: number; by?: string; at?: string; from?: string; reason?: string; state: 'scheduled' | 'inForce' | 'past' | 'replaced'; replacedBy?: number;
  parameters: { id: string; label: string; articleInWords: string | null; from: number; to: number; fromInWords: string; toInWords: string }[];
  years: string[];
}

const STATES: Record<Revision['state'], [words: string, tone: string]> = { scheduled: ['待施行', 'tag-warning'], inForce: ['现行', 'tag-success'], past: ['历史', 'tag-quiet'], replaced: ['未单独施行', 'tag-quiet'] };
const words = (inWords: string, value: number): string => (inWords.endsWith('字节') ? size(value) : inWords);

/** Each version: who made it, when, from which day, why, and what it changed. A planned one is taken back here. */
export const RulebookHistory = defineComponent({
  name: 'RulebookHistory',
  props: { revisions: { type: Array as PropType<Revision[]>, required: true } },
  emits: { change: () => true },
  setup(props, { emit }) {
    const takingBack = ref(false);
    const reason = ref('');
    const fault = ref('');
    const isBusy = ref(false);
    // A case leads to the version it was opened under; the page was not there yet when the browser looked for it.
    onMounted(() => { if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView(); });

    async function takeBack(event: Event): Promise<void> {
      event.preventDefault();
      fault.value = reason.value.trim().length < 4 ? '请写明撤回理由，4 到 500 字' : '';
      if (fault.value) return;
      isBusy.value = true;
      try {
        await post('/api/v1/rulebook', { takesBack: true, reason: reason.value.trim(), on: props.revisions[0]!.version });
        said('已撤回，现行规则不变');
        takingBack.value = false;
        reason.value = '';
        emit('change');
      } catch (error) {
        fault.value = isProblem(error) && error.errors.length > 0 ? error.errors.map(({ message }) => message).join('；') : sentenceOf(error);
      } finally { isBusy.value = false; }
    }

    const card = ({ version, by, at, from, reason: why, state, replacedBy, parameters, years }: Revision) => (
      <section key={version} id={`v${version}`} class="card" aria-label={`第 ${version} 版`}>
        <h2 class="card-title">第 {version} 版<span class={['tag', STATES[state][1]]}>{STATES[state][0]}</span>{replacedBy ? <span class="quiet">由第 {replacedBy} 版取代</span> : null}</h2>
        {at ? (
          <>
            <p class="case-sub"><span>{by}</span><span class="quiet">{moment(at)} 修改</span>{parameters.length > 0 && from ? <span>{from === at ? '立即施行' : `自 ${day(from)} 起施行`}</span> : null}</p>
            <p class="opening-reason">{why}</p>
          </>
        ) : <p class="quiet">系统发布时的规则。</p>}
        {parameters.length > 0 ? (
          <table class="table table-inner">
            <thead><tr><th scope="col">参数</th><th scope="col">依据</th><th scope="col">原值</th><th scope="col">新值</th></tr></thead>
            <tbody>{parameters.map((change) => <tr key={change.id}><th scope="row" class="wrap">{change.label}</th><td>{change.articleInWords ?? '—'}</td><td class="nowrap">{words(change.fromInWords, change.from)}</td><td class="nowrap"><strong>{words(change.toInWords, change.to)}</strong></td></tr>)}</tbody>
          </table>
        ) : null}
        {years.map((year) => <p key={year}><RouterLink class="link" to={`/rulebook?view=calendar&year=${year}`}>{year} 年节假日安排</RouterLink>　<span class="quiet">录入或修改，对所有案件适用</span></p>)}
        {state === 'scheduled' && has('admin') ? <p class="opening-ask"><Button theme="default" variant="outline" onClick={() => { takingBack.value = true; fault.value = ''; }}>撤回待施行的修改</Button></p> : null}
      </section>
    );

    return () => (
      <>
        {props.revisions.map(card)}
        {takingBack.value ? (
          <Modal title="撤回待施行的修改" onClose={() => { takingBack.value = false; }}>
            <form class="form" novalidate onSubmit={(event) => void takeBack(event)}>
              <p class="modal-text">所有尚未施行的参数修改都不再施行，现行参数不变；已录入的节假日安排保留。撤回本身记为新的一版。</p>
              <div class="field">
                <label for="take-back-reason">撤回理由</label>
                <TextBox id="take-back-reason" rows={2} maxlength={500} value={reason.value} aria-invalid={Boolean(fault.value)} onChange={(value: string) => { reason.value = value; fault.value = ''; }} />
                {fault.value ? <p class="fault" role="alert">{fault.value}</p> : null}
              </div>
              <div class="modal-foot">
                <Button type="submit" theme="danger" loading={isBusy.value}>撤回</Button>
                <Button theme="default" variant="outline" onClick={() => { takingBack.value = false; }}>取消</Button>
              </div>
            </form>
          </Modal>
        ) : null}
      </>
    );
  },
});
