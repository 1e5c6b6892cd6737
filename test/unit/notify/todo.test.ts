import { contract } from '../../../src/procedures/contract/procedure';
import { diagnosis } from '../../../src/procedures/diagnosis/procedure';
import { plan } from '../../../src/procedures/plan/procedure';
import { todoOf } from '../../../src/notify/audience';

const parties = { enterprise: ['org:e'], provider: ['org:p'] };

describe('what a task says is to be done', () => {
  it.each([
    ['12.1', diagnosis, 'requested', 'org:p', ['接受诊断任务', '不承接']],
    ['12.1', diagnosis, 'issued', 'org:e', ['确认诊断报告', '对报告提出异议']],
    ['12.2', plan, 'proposed', 'org:e', ['确认方案', '退回修改']],
    ['12.3', plan, 'changing', 'org:e', ['确认变更']],
    ['11', contract, 'signing', 'org:e', ['签订合同', '退回修改文本']],
    ['12.3', contract, 'submitted', 'org:e', ['确认交付', '退回完善']],
  ])('%s: what the state waits for is named first', (_article, procedure, state, tag, titles) => {
    expect(todoOf(procedure, { state, parties } as never, tag)).toEqual(titles);
  });
});
