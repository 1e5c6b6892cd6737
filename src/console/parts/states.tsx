import { Button, Loading, MessagePlugin } from 'tdesign-vue-next';
import type { FunctionalComponent, VNodeChild } from 'vue';
import { RouterLink } from 'vue-router';
import { sentenceOf } from '../api';
import type { Loaded, Paged } from '../load';
import { urgency } from '../format';

export const Empty: FunctionalComponent<{ title: string; hint?: string }> = ({ title, hint }, { slots }) => (
  <div class="state">
    <p class="state-title">{title}</p>
    {hint ? <p class="state-hint">{hint}</p> : null}
    {slots.default?.()}
  </div>
);
Empty.props = ['title', 'hint'];

const TITLES = { forbidden: '没有权限', missing: '未找到', failed: '未能加载' };

type Watched = Pick<Loaded<unknown> | Paged<unknown>, 'loading' | 'busy' | 'error' | 'reload'>;

/** Loading, refused, missing or failed: what stands where the content would. Null when there is content to show. @param missing what is not there */
export function standIn(of: Watched, isThere: boolean, missing?: { title: string; hint: string }): VNodeChild {
  if (of.error && !isThere) {
    return (
      <div class="state" role="alert">
        <p class="state-title">{of.error.kind === 'missing' && missing ? missing.title : TITLES[of.error.kind]}</p>
        <p class="state-hint">{of.error.kind === 'missing' && missing ? missing.hint : of.error.kind === 'forbidden' ? '您的账户不能查看这一页，需要的请联系系统管理员。' : of.error.text}</p>
        {of.error.kind === 'failed'
          ? <Button theme="default" loading={of.busy} onClick={() => void of.reload()}>重试</Button>
          : <RouterLink class="link" to="/">返回首页</RouterLink>}
      </div>
    );
  }
  if (of.loading) return <div class="state" role="status"><Loading size="small" text="正在加载…" /></div>;
  return null;
}

const isThere = (of: Loaded<unknown> | Paged<unknown>): boolean => ('items' in of ? of.items.length > 0 : of.value !== null);

/** Content stays although the latest look failed. Where there is none, the failure itself stands in its place. */
export const staleNote = (of: Loaded<unknown> | Paged<unknown>): VNodeChild => (of.error && isThere(of) ? (
  <p class="note note-warning" role="alert">{of.error.text} <button type="button" class="link" onClick={() => void of.reload()}>重试</button></p>
) : null);

/** 还剩 3 个工作日, with its colour and the day it means. */
export const Due: FunctionalComponent<{ due: string | null; inWords: string | null; paused?: boolean }> = ({ due, inWords, paused }) => {
  if (!inWords) return <span class="quiet">无时限</span>;
  if (paused) return <span class="due">已中止计时</span>;
  // A clock that stands still has words and no end.
  if (!due) return <span class="due">{inWords}</span>;
  return <span class={['due', `due-${urgency(due)}`]}>{inWords}</span>;
};
Due.props = ['due', 'inWords', 'paused'];

/** Says how a deed ended, in the corner of the page. */
export const said = (text: string): void => { void MessagePlugin.success({ content: text, duration: 3000 }); };
export const complain = (error: unknown): void => { void MessagePlugin.error({ content: sentenceOf(error), duration: 6000, closeBtn: true }); };
