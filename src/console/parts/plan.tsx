import { inject, type FunctionalComponent, type VNodeChild } from 'vue';
import type { Draw, Review, Version } from '../../procedures/plan/forms';
import { valueWord } from '../../procedures/structure-words';
import expertReview from '../../rulebook/data/expert-review.json';
import { day, money, number } from '../format';
import { CASE_DATA } from './case-context';
import { Hash } from './hash';

const SPLIT: [keyof Version['content']['split'], string][] = [['enterpriseFen', '企业承担'], ['providerConcessionFen', '服务商让利'], ['governmentFen', '政府补助']];
const share = (part: number, whole: number): string => (whole > 0 ? `${number(Math.round((part / whole) * 1000) / 10)}%` : '');
const scenariosOf = (keys: readonly string[]): string => keys.map((key) => valueWord('scenario', key) ?? key).join('、') || '—';

/** What is bought for what money: as many lines as the plan has items, added up. */
const Items: FunctionalComponent<{ version: Version }> = ({ version: { content: { items, split }, totalFen } }) => (
  <>
    <div class="scroll" tabindex="0" role="group" aria-label="改造清单">
      <table class="table table-inner">
        <thead><tr><th scope="col">序号</th><th scope="col">名称和产品</th><th scope="col">功能和场景</th><th scope="col" class="right">金额</th></tr></thead>
        <tbody>
          {items.map(({ name, kind, product, function: does, purpose, scenarios, unitPriceFen, quantity }, index) => (
            <tr key={name}>
              <td>{index + 1}</td>
              <th scope="row" class="wrap">{name}<span class="quiet block">{valueWord('kind', kind)}　{product}</span></th>
              <td>{does}<span class="quiet block">用途：{purpose}</span><span class="quiet block">场景：{scenariosOf(scenarios)}</span></td>
              <td class="right nowrap">{money(unitPriceFen * quantity)}{quantity > 1 ? <span class="quiet block">{money(unitPriceFen)} × {quantity}</span> : null}</td>
            </tr>
          ))}
          <tr class="sum"><td /><th scope="row">合计</th><td /><td class="right nowrap">{money(totalFen)}</td></tr>
        </tbody>
      </table>
    </div>
    <p class="shares">{SPLIT.map(([name, word]) => <span key={name}><span class="quiet">{word}</span> {money(split[name])} <span class="quiet">{share(split[name], totalFen)}</span></span>)}</p>
  </>
);
Items.props = ['version'];

/** The version in force is read; those before it are opened when wanted. @param rest draws what has no form of its own here */
export const versions = (all: readonly Version[], rest: (content: object) => VNodeChild): VNodeChild => all.toReversed().map((version, index) => {
  const { items: _, split: __, attachments, ...others } = version.content;
  return (
    <details key={version.no} class="version" open={index === 0}>
      <summary>第 {version.no} 版　{day(version.at)}　合计 {money(version.totalFen)}</summary>
      <Items version={version} />
      {rest({ ...others, attachments: attachments ?? [] })}
      <p class="quiet">校验码 <Hash value={version.hash} /></p>
    </details>
  );
});

const { project, amount, effect } = expertReview.plan;
const WHOLE = { name: '合计', max: project.max + amount.max + effect.max };
const RESULTS = Object.entries(expertReview.planResults);

/** What the panel says, first in one sentence, then expert by expert and without names. */
export const ReviewResult: FunctionalComponent<{ review: Review & { version?: number } }> = ({ review }) => {
  const pass = (inject(CASE_DATA, null)?.value['marks'] as { pass?: number } | undefined)?.pass;
  return (
    <>
      <p class={['note', review.passed ? 'note-success' : 'note-warning']}>
        {review.version ? `对第 ${review.version} 版方案：` : ''}平均 {number(review.total)} 分{pass ? `（通过线 ${pass}）` : ''}，多数意见“{valueWord('verdict', review.verdict)}”，{review.passed ? '达到通过备案的条件。' : '未达到通过备案的条件，不能通过备案。'}
      </p>
      <div class="scroll" tabindex="0" role="group" aria-label="专家评分">
        <table class="table table-inner">
          <thead><tr><th scope="col">专家</th>{[project, amount, effect, WHOLE].map(({ name, max }) => <th key={name} scope="col" class="right">{name}<span class="quiet block">满分 {max}</span></th>)}<th scope="col">审核意见</th></tr></thead>
          <tbody>
            {review.opinions.map((one, index) => [
              <tr key={index} class="continued">
                <td>{index + 1}</td><td class="right">{one.project}</td><td class="right">{one.amount}</td><td class="right">{one.effect}</td><td class="right">{one.project + one.amount + one.effect}</td>
                <td class="nowrap">{valueWord('verdict', one.verdict)}</td>
              </tr>,
              <tr key={`${index} reasons`}><td /><td colspan={5} class="prose">{one.reasons}</td></tr>,
            ])}
            <tr class="sum">
              <th scope="row">平均</th><td class="right">{number(review.project)}</td><td class="right">{number(review.amount)}</td><td class="right">{number(review.effect)}</td><td class="right">{number(review.total)}</td>
              <td>{RESULTS.map(([key, word]) => `${word} ${review.verdicts[key as keyof Review['verdicts']]}`).join('，')}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </>
  );
};
ReviewResult.props = ['review'];

/** Each draw so that it could be repeated: out of how many, who was out of it, by which number. */
export const Draws: FunctionalComponent<{ draws: readonly (Draw & { why?: string })[] }> = ({ draws }) => (
  <ul>
    {draws.map(({ on, seed, size, eligible, excluded, why }, index) => (
      <li key={index}>
        {on}　{index > 0 ? `${why ?? '替补'}：` : ''}从 {eligible.length} 名可选专家中抽取 {size} 名{eligible.some(({ near }) => near) ? `，本细分行业的 ${eligible.filter(({ near }) => near).length} 名优先` : ''}{excluded.length > 0 ? `，因利害关系等排除 ${excluded.length} 名` : ''}；随机数 <Hash value={seed} />
      </li>
    ))}
  </ul>
);
Draws.props = ['draws'];
