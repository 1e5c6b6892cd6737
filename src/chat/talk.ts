import { ARTICLES, articleInWords, type ArticleNo } from '../rulebook/articles';
import { answerTo, said as spoken, type Answer } from './answers';
import { caseCard, providerCards } from './cards';
import { known, type Turn } from './context';
import { begin, proceed } from './filling';
import type { Intent } from './intents';
import type { RegisterFound } from './register';
import { say, type QuickReply, type Reply } from './replies';
import { isBusiness, ROUTES } from './targets';
import { caseNoIn } from './values';

export const HUMAN: QuickReply = { label: '转人工', pick: 'human' };
const PROGRESS: QuickReply = { label: '查进度', pick: 'progress' };
/** Short enough for a bubble; the whole wording is a tap away in the rulebook. */
const QUOTE_MAX = 600;

const WORDS: Partial<Record<Intent, string>> = {
  query_progress: '查办理进度', find_provider: '找服务商', human_agent: '转人工', faq: '问办法里的规定', cancel: '取消', smalltalk: '看看能办什么', out_of_scope: '都不是',
};
export const wordsFor = (intent: Intent): string => (isBusiness(intent) ? ROUTES[intent].words : WORDS[intent]!);

/** Answers from the rulebook, or says that the measures do not say. Never anything else. */
export function answer(t: Turn, question: string, found: Answer | null = answerTo(question)): void {
  if (!found) {
    t.replies.push(say('这个问题《办法》里没有找到规定，我不能替您下结论。可以换个说法再问，或者转人工。', [HUMAN]));
    return;
  }
  const quote = found.regulated ? known(t.context, 'quote', found.article) : null;
  t.replies.push({
    type: 'answer', text: spoken(found, quote && quote.length <= QUOTE_MAX ? quote : null), article: found.article, articleInWords: articleInWords(found.article),
    regulated: found.regulated, ...(quote ? { quote } : {}),
  });
}

export function article(t: Turn, no: string): void {
  const found = ARTICLES.find((one) => one.no === (no as ArticleNo));
  answer(t, '', found ? { article: found.no, regulated: true, title: found.title, text: found.answer, score: 1 } : null);
}

/** Where the actor's matters stand; one case when its number is named. To a stranger a case does not exist. */
export function progress(t: Turn, text: string): void {
  const no = caseNoIn(text);
  if (no) {
    const view = known(t.context, 'case', no);
    t.replies.push(view ? caseCard(view) : say(`没有找到编号 ${no} 的案件，请核对编号，或看看您名下的事项。`, [PROGRESS]));
    return;
  }
  const waiting = known(t.context, 'waiting');
  const mine = known(t.context, 'mine');
  if (waiting.length > 0) {
    const lines = waiting.map((view) => `${view.title} ${view.no}：${view.state.title}${view.clock ? `，${view.clock.inWords}` : ''}`);
    t.replies.push(say(`等您办理的有 ${waiting.length} 件：\n${lines.join('\n')}`, waiting.slice(0, 5).map(({ no: number, title }) => ({ label: `${title} ${number}`, pick: `case:${number}` }))));
  }
  const others = mine.filter((line) => !waiting.some((view) => view.no === line.no)).slice(0, 5);
  if (others.length > 0) {
    t.replies.push(say(`最近的事项：\n${others.map((line) => `${line.title} ${line.no}：${line.state.title}${line.inWords ? `，${line.inWords}` : ''}`).join('\n')}`,
      others.map(({ no: number, title }) => ({ label: `${title} ${number}`, pick: `case:${number}` }))));
  }
  if (waiting.length + others.length === 0) t.replies.push(say('您名下目前没有事项。'));
}

/** What the public register shows of the providers the words ask for. */
export const providers = (t: Turn, text: string): void => { t.replies.push(providerCards(registerOf(t, text))); };

export const registerOf = ({ context }: Turn, text: string): RegisterFound => known(context, 'providers', text.slice(0, 200));

const GREETINGS = /谢|辛苦|感谢|麻烦/u;
const FAREWELL = /再见|拜拜|回头见/u;

export function smalltalk(t: Turn, text: string): void {
  if (GREETINGS.test(text)) t.replies.push(say('不客气，有事随时找我。'));
  else if (FAREWELL.test(text)) t.replies.push(say('再见，有事随时找我。'));
  else t.replies.push(menu(t));
}

/** What can be done here, by what is really open to the actor. */
export function menu({ context }: Turn): Reply {
  const openings = context.openings.filter(({ procedure }) => procedure !== 'service').slice(0, 6).map(({ title, procedure, move }) => ({ label: title, pick: `start:${procedure}:${move}` }));
  return say('您好，这里是数转通智能助手，不是真人。可以办理下面的事项、查进度，也可以问办法里的规定。', [...openings, PROGRESS, { label: '找服务商', pick: 'intent:find_provider' }, HUMAN]);
}

/** Hands over to a person: a case on a desk like any other, confirmed like any other. */
export function handOver(t: Turn, question: string): void {
  if (t.session.form?.procedure === 'service') return proceed(t);
  const opening = t.context.openings.find(({ procedure }) => procedure === 'service');
  if (!opening) {
    t.replies.push(say('人工服务目前没有开通。《办法》没有写联系电话和地址，请以市工信局公布的为准。'));
    return;
  }
  const transcript = t.session.lately.join('\n').slice(0, 2000);
  const values = { ...(question.length >= 2 ? { question: question.slice(0, 1000) } : {}), ...(transcript ? { transcript } : {}) };
  t.replies.push(say('好的，转给工作人员。非工作时间也可以提交，工作人员会在规定时限内答复。'));
  begin(t, { procedure: 'service', move: opening.move, values });
}
