import { Button } from 'tdesign-vue-next';
import { defineComponent, ref } from 'vue';
import { RouterLink, useRouter } from 'vue-router';
import type { InboxView } from '../../notify/routes';
import { get, post, query } from '../api';
import { shortly } from '../format';
import { loadPages } from '../load';
import { complain, Due, Empty, staleNote, standIn } from '../parts/states';
import { isDispatched } from '../session';

const PAGE = 30;

export default defineComponent({
  name: 'InboxPage',
  setup() {
    const router = useRouter();
    const onlyUnseen = ref(false);
    const list = loadPages((after) => get<{ items: InboxView[]; next: string | null }>(`/api/v1/inbox${query({ unseen: onlyUnseen.value || '', limit: PAGE, after })}`), () => onlyUnseen.value);
    const isBusy = ref(false);

    async function seen(item: InboxView): Promise<void> {
      if (!item.seenAt) await post(`/api/v1/inbox/${item.id}/seen`).then(() => { item.seenAt = new Date().toISOString(); }, complain);
    }
    async function open(event: Event, item: InboxView): Promise<void> {
      event.preventDefault();
      await seen(item);
      await router.push(`/cases/${item.no}`);
    }
    async function allSeen(): Promise<void> {
      const newest = list.items[0];
      if (!newest) return;
      isBusy.value = true;
      await post('/api/v1/inbox/seen', { upTo: newest.id }).then(list.reload, complain);
      isBusy.value = false;
    }

    const line = (item: InboxView) => (
      <li key={item.id} class={['message', !item.seenAt && 'message-new']}>
        <div>
          <p class="message-title">
            {item.seenAt ? null : <span class="unseen">未读：</span>}
            {item.title}
            {item.task ? <span class="tag tag-warning">待办</span> : null}
            {item.settled || item.outcome === 'settled' ? <span class="tag tag-quiet">已无须办理</span> : null}
          </p>
          <p>{item.text}</p>
          <p class="quiet">{shortly(item.createdAt)}{item.articleInWords ? `　依据${item.articleInWords}` : ''}{item.due ? <>　<Due due={item.due} inWords={item.inWords} /></> : null}</p>
        </div>
        <div class="message-deeds">
          {item.no ? <RouterLink class="link no" to={`/cases/${item.no}`} onClick={(event: MouseEvent) => void open(event, item)}>{item.no}</RouterLink> : null}
          {item.seenAt ? null : <button type="button" class="link" onClick={() => void seen(item)}>标为已读</button>}
        </div>
      </li>
    );

    return () => (
      <div class="page page-narrow">
        <div class="page-head">
          <h1>消息</h1>
          <label class="option"><input type="checkbox" checked={onlyUnseen.value} onChange={() => { onlyUnseen.value = !onlyUnseen.value; }} /><span>只看未读</span></label>
          <div class="page-deeds"><Button theme="default" variant="outline" loading={isBusy.value} disabled={!list.items.some(({ seenAt }) => !seenAt)} onClick={() => void allSeen()}>全部标为已读</Button></div>
        </div>
        {staleNote(list)}
        {standIn(list, list.items.length > 0) ?? (
          <section class="card" aria-label="消息列表">
            {list.items.length === 0 ? <Empty title={onlyUnseen.value ? '没有未读消息' : '没有消息'} hint={isDispatched() ? '提醒和案件进展会出现在这里；派单见“我的队列”' : '提醒和案件进展会出现在这里'} /> : <ul class="messages">{list.items.map(line)}</ul>}
            {list.more ? <div class="more"><Button theme="default" variant="text" loading={list.busy} onClick={() => void list.next()}>更多</Button></div> : null}
          </section>
        )}
      </div>
    );
  },
});
