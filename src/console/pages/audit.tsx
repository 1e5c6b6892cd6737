import { Button } from 'tdesign-vue-next';
import { defineComponent, onScopeDispose, reactive, ref } from 'vue';
import { RouterLink } from 'vue-router';
import type { ChainPage } from '../../audit/audit';
import { get, query, sentenceOf } from '../api';
import { moment, number } from '../format';
import { load, loadPages } from '../load';
import { chainFacts, type CheckedChain } from '../parts/chain';
import { Empty, staleNote, standIn } from '../parts/states';
import { TextField } from '../parts/text-field';

const CASES_A_PAGE = 100;
const LINES_A_PAGE = 30;

interface Line { seq: number; at: string; inWords: string; opening: string; by: string; no: string | null; reason: string | null; hash: string; broken: { inWords: string } | null }
interface LogPage { head: { seq: number; hash: string }; items: Line[]; next: number | null }

/** Every case's record held against its chain, a page at a time, for as long as the person stays. */
const Chains = defineComponent({
  name: 'AuditChains',
  setup() {
    const run = reactive({ is: 'idle' as 'idle' | 'running' | 'stopped' | 'done', checked: 0, lines: 0, broken: [] as ChainPage['broken'], after: null as string | null, fault: '', at: '' });
    onScopeDispose(() => { run.is = 'stopped'; });

    async function check(fresh: boolean): Promise<void> {
      if (fresh) Object.assign(run, { checked: 0, lines: 0, broken: [], after: null });
      Object.assign(run, { is: 'running', fault: '' });
      try {
        do {
          const page = await get<ChainPage & { checkedAt: string }>(`/api/v1/audit/chains${query({ limit: CASES_A_PAGE, after: run.after })}`);
          run.checked += page.checked;
          run.lines += page.lines;
          run.broken.push(...page.broken);
          run.after = page.next;
          run.at = page.checkedAt;
        } while (run.after && run.is === 'running');
        if (!run.after) run.is = 'done';
      } catch (error) { Object.assign(run, { is: 'stopped', fault: sentenceOf(error) }); }
    }

    return () => (
      <section class="card" aria-labelledby="audit-chains">
        <h2 id="audit-chains" class="card-title">案件记录</h2>
        <p class="quiet">逐件核对：每条记录的序号、与前一条的衔接、记录本身，以及案件现有内容与最后一条是否一致。每次 {CASES_A_PAGE} 件，不影响办理。</p>
        <div class="actions audit-run">
          {run.is === 'running' ? <Button theme="default" variant="outline" onClick={() => { run.is = 'stopped'; }}>停止</Button>
            : <Button onClick={() => void check(true)}>{run.is === 'idle' ? '校验全部案件' : '重新校验'}</Button>}
          {run.is === 'stopped' && run.after ? <Button theme="default" variant="outline" onClick={() => void check(false)}>继续</Button> : null}
          <span role="status">
            {run.is === 'running' ? `正在校验，已核对 ${number(run.checked)} 件……` : run.is === 'stopped' ? `已停止：核对了 ${number(run.checked)} 件` : ''}
          </span>
        </div>
        {run.fault ? <p class="note note-warning" role="alert">{run.fault}</p> : null}
        {run.broken.length > 0 ? (
          <div class="note note-error" role="alert">
            <p>{run.broken.length} 件案件的记录不完整：</p>
            <ul>{run.broken.map(({ no, seq, inWords }) => <li key={no}><RouterLink class="link no" to={`/cases/${no}`}>{no}</RouterLink>　第 {seq} 条：{inWords}</li>)}</ul>
          </div>
        ) : null}
        {run.is === 'done' && run.broken.length === 0 ? <p class="note note-success">{number(run.checked)} 件案件、{number(run.lines)} 条记录全部完整（{moment(run.at)}）。</p> : null}
      </section>
    );
  },
});

/** One case by its number, also for whoever may not read it: whole or not says nothing about what is in it. */
const OneCase = defineComponent({
  name: 'AuditOneCase',
  setup() {
    const no = ref('');
    const fault = ref('');
    const found = ref<CheckedChain | null>(null);
    async function check(event: Event): Promise<void> {
      event.preventDefault();
      found.value = null;
      const typed = no.value.trim().toUpperCase();
      fault.value = typed ? '' : '请填写案件编号';
      if (!typed) return;
      try { found.value = await get<CheckedChain>(`/api/v1/cases/${encodeURIComponent(typed)}/chain`); } catch (error) { fault.value = sentenceOf(error); }
    }
    return () => (
      <section class="card" aria-labelledby="audit-one">
        <h2 id="audit-one" class="card-title">按编号校验</h2>
        <form novalidate onSubmit={(event) => void check(event)}>
          <TextField label="案件编号" name="no" value={no.value} fault={fault.value} maxlength={40} hint="如 JB20261122-7K3MQ9" onChange={(value: string) => { no.value = value; fault.value = ''; }} />
          <p class="opening-ask"><Button type="submit" theme="default" variant="outline">校验</Button></p>
        </form>
        {found.value ? <div role="status"><h3>{found.value.no}</h3>{chainFacts(found.value)}</div> : null}
      </section>
    );
  },
});

/** For auditors, administrators and directors: whether records are whole, and who looked at a reporter's identity. */
export default defineComponent({
  name: 'AuditPage',
  setup() {
    const head = ref<LogPage['head'] | null>(null);
    const log = loadPages(async (before) => {
      const page = await get<LogPage>(`/api/v1/audit/openings${query({ limit: LINES_A_PAGE, before })}`);
      head.value = page.head;
      return { items: page.items, next: page.next === null ? null : String(page.next) };
    });
    // Asked for first, so that a page of no right says so before it offers anything.
    const allowed = load(() => get<ChainPage>('/api/v1/audit/chains?limit=1'));

    const openings = () => (
      <section class="card" aria-labelledby="audit-openings">
        <h2 id="audit-openings" class="card-title">举报人身份查看记录</h2>
        {staleNote(log)}
        {standIn(log, log.items.length > 0) ?? (log.items.length === 0 ? <Empty title="没有人申请查看过举报人身份" /> : (
          <div class="scroll" tabindex="0" role="group" aria-label="身份查看记录表">
            <table class="table">
              <thead><tr><th scope="col">序号</th><th scope="col">时间</th><th scope="col">步骤</th><th scope="col">人员</th><th scope="col">申请</th><th scope="col">案件</th><th scope="col">理由</th><th scope="col">记录</th></tr></thead>
              <tbody>
                {log.items.map(({ seq, at, inWords, opening, by, no, reason, hash, broken }) => (
                  <tr key={seq}>
                    <td>{seq}</td><td class="nowrap">{moment(at)}</td><td class="nowrap">{inWords}</td><td class="nowrap">{by}</td><td><code>{opening}</code></td>
                    <td>{no ? <RouterLink class="link no" to={`/cases/${no}`}>{no}</RouterLink> : <span class="quiet">不显示</span>}</td>
                    <td>{reason ?? <span class="quiet">—</span>}</td>
                    <td class="nowrap">{broken ? <strong class="late">{broken.inWords}</strong> : <><span class="tag tag-success">完整</span> <code title={hash}>{hash.slice(0, 8)}</code></>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ))}
        {log.more ? <div class="more"><Button theme="default" variant="text" loading={log.busy} onClick={() => void log.next()}>更早的记录</Button></div> : null}
        {head.value && head.value.seq > 0 ? <p class="quiet">请定期把校验码抄录到系统之外：<code class="head chain-head">{head.value.seq}:{head.value.hash}</code>。日后交运维人员核对，可以发现记录被截断。</p> : null}
        <p class="quiet">案件编号只向有权查看该案的人显示；理由还向审计人员显示。</p>
      </section>
    );

    return () => (
      <div class="page">
        <div class="page-head"><h1>审计</h1></div>
        {standIn(allowed, allowed.value !== null) ?? (
          <>
            <div class="halves"><Chains /><OneCase /></div>
            {openings()}
          </>
        )}
      </div>
    );
  },
});
