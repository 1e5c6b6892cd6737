/** What the beginning and the end of a case are called, on the page and on paper, where it is not handed in by a party and dealt with. */
const BEGUN: Record<string, string> = { diagnosis: '申请', plan: '发起', contract: '拟定', batch: '发布', rating: '发起', ratingResult: '形成', inquiry: '发出' };
const ENDED: Record<string, string> = { batch: '截止' };

export const begunWord = (procedure: string): string => BEGUN[procedure] ?? '提交';
export const endedWord = (procedure: string): string => ENDED[procedure] ?? '办结';
