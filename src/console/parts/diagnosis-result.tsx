import type { FunctionalComponent } from 'vue';
import type { DiagnosisAnswers, DiagnosisScore } from '../../rulebook/metrics';
import { number } from '../format';
import { DIMENSIONS, questions, scenarioList, valueWord } from '../../procedures/structure-words';

const CENTRE = 110;
const RADIUS = 74;
const LEVELS = 4;

/** Corners of a regular figure, the first at the top, as SVG wants them; `levels` from 0 to 4. */
const corners = (levels: readonly number[]): [x: number, y: number][] => levels.map((level, index) => {
  const angle = (index / levels.length) * 2 * Math.PI - Math.PI / 2;
  const length = (level / LEVELS) * RADIUS;
  return [CENTRE + length * Math.cos(angle), CENTRE + length * Math.sin(angle)];
});
const points = (levels: readonly number[]): string => corners(levels).map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');

/** The eight areas of article 12.1 at a glance; the numbers stand beside it. */
const Radar: FunctionalComponent<{ areas: DiagnosisScore['radar'] }> = ({ areas }) => (
  <svg class="radar" viewBox="-30 0 280 220" role="img" aria-label={`八个方面平均等级：${areas.map(({ name, mean }) => `${name} ${mean.toFixed(1)}`).join('，')}`}>
    {[1, 2, 3, 4].map((level) => <polygon key={level} class="radar-grid" points={points(areas.map(() => level))} />)}
    {corners(areas.map(() => LEVELS)).map(([x, y], index) => <line key={index} class="radar-grid" x1={CENTRE} y1={CENTRE} x2={x} y2={y} />)}
    <polygon class="radar-shape" points={points(areas.map(({ mean }) => mean))} />
    {corners(areas.map(() => LEVELS * 1.2)).map(([x, y], index) => (
      <text key={index} x={x} y={y + 4} text-anchor={x < CENTRE - 8 ? 'end' : x > CENTRE + 8 ? 'start' : 'middle'}>{areas[index]!.name}</text>
    ))}
  </svg>
);
Radar.props = ['areas'];

const NEAREST = 8;

/** What the next grade still asks for; of what is there already it says nothing. */
const missing = ({ grade, points: left, scenarios, binding }: NonNullable<DiagnosisScore['missingForNext']>): string => [
  left > 0 ? `评测得分还差 ${number(left)} 分` : '', scenarios > 0 ? `达到${valueWord('levelBefore', grade)}的应用场景还差 ${scenarios} 个` : '', binding > 0 ? `其中约束性场景还差 ${binding} 个` : '',
].filter(Boolean).join('，') || '条件已具备';

/** A score by the 2024 metrics: points by dimension, grade, areas. */
export const DiagnosisResult: FunctionalComponent<{ result: DiagnosisScore }> = ({ result }) => (
  <div class="result">
    <div>
      <p class="result-grade"><span class="nowrap">{result.gradeName}</span>{' '}<span class="quiet nowrap">评测得分 {number(result.total)}（满分 100）</span></p>
      <table class="table table-inner">
        <tbody>
          {DIMENSIONS.map(([key, { name, maxPoints }]) => <tr key={key}><th scope="row">{name}</th><td class="right">{number(result[key as 'foundation'])} / {maxPoints}</td></tr>)}
        </tbody>
      </table>
      <p class="result-says">按得分可达{valueWord('grade', result.gradeByScore)}，按应用场景可达{valueWord('grade', result.gradeByScenarios)}，等级须两项同时达到。</p>
      {result.missingForNext ? (
        <p class="quiet">
          距{valueWord('grade', result.missingForNext.grade)}：{missing(result.missingForNext)}。
          {result.missingForNext.scenarios > 0 ? `最接近的场景：${result.missingForNext.candidates.slice(0, NEAREST).map((key) => valueWord('scenario', key)).join('、')}。` : ''}
        </p>
      ) : null}
    </div>
    <Radar areas={result.radar} />
    <details class="version">
      <summary>十五题得分</summary>
      <ol class="answers">{questions().map(([id, { no, title, maxPoints }]) => <li key={id}><span>{no}. {title}</span><span class="nowrap">{number(result.perQuestion[id as never])} / {maxPoints}</span></li>)}</ol>
    </details>
  </div>
);
DiagnosisResult.props = ['result'];

/** What was answered, in the words of the options. */
export const Questionnaire: FunctionalComponent<{ answers: DiagnosisAnswers }> = ({ answers }) => {
  const given = answers as unknown as Record<string, string | string[] | undefined> & { scenarios?: Record<string, number> };
  return (
    <details class="version">
      <summary>十五题与十六个场景</summary>
      <ol class="answers">
        {questions().map(([id, { no, title, options }]) => {
          const chosen = [given[id] ?? []].flat();
          return <li key={id}><span>{no}. {title}</span><span>{options.filter(({ code }) => chosen.includes(code)).map(({ code, label }) => `${code} ${label}`).join('；') || '—'}</span></li>;
        })}
        {scenarioList().map(([key, name]) => <li key={key}><span>{name}</span><span class="nowrap">{valueWord('levelBefore', given.scenarios?.[key] ?? 0)}</span></li>)}
      </ol>
    </details>
  );
};
Questionnaire.props = ['answers'];
