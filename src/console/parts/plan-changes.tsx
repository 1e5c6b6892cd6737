import type { FunctionalComponent } from 'vue';
import type { Version } from '../../procedures/plan/forms';
import { linesOf, type Changes, type Refiling } from './plan-lines';

/** What changed between two versions, beside each other: nobody should have to find it by comparing two plans. */
export const PlanChanges: FunctionalComponent<{ changes: Changes; versions: readonly Version[]; refiling?: Refiling }> = ({ changes, versions, refiling }) => (
  <section class="card" aria-labelledby="plan-changes">
    <h2 id="plan-changes" class="card-title">第 {changes.to} 版的改动（与第 {changes.from} 版相比）</h2>
    {refiling ? (
      <p class={['note', refiling.material && 'note-warning']}>{refiling.material ? `属于较大变动，须重新备案：${refiling.reasons.map(({ text }) => text).join('；')}。` : '不属于较大变动，双方确认后登记即可。'}</p>
    ) : null}
    {changes.same ? <p class="quiet">两版内容相同。</p> : (
      <table class="table table-inner changes">
        <thead><tr><th scope="col">改动</th><th scope="col">原来</th><th scope="col">现在</th></tr></thead>
        <tbody>
          {linesOf(changes, versions).map(({ what, from, to, by }) => (
            <tr key={what}><th scope="row" class="wrap">{what}</th><td class="prose">{from}</td><td class="prose">{to}{by ? <span class="quiet">　{by}</span> : null}</td></tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
);
PlanChanges.props = ['changes', 'versions', 'refiling'];
