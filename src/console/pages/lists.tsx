import { Button } from 'tdesign-vue-next';
import { defineComponent, ref } from 'vue';
import type { ImportResult } from '../../register/pilot-list';
import { ask, download, sentenceOf } from '../api';
import { size } from '../format';
import { Modal } from '../parts/modal';
import { complain } from '../parts/states';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const MAX_BYTES = 2 * 1024 * 1024;
const COLUMNS: Record<string, string> = { uscc: '统一社会信用代码', name: '单位名称', region: '县（市、区）', sector: '细分行业', town: '乡镇（街道）', contactName: '联系人', phone: '联系手机' };
const TITLES = { enterprise: '试点企业', provider: '服务商' };
const EFFECTS = { enterprise: '所列企业可以在小程序认领单位，申请诊断和改造。', provider: '所列单位列入服务商库，向公众公开，并可以在小程序认领单位。' };

/** Takes over the bureau's lists; what is wrong is told row by row, as the spreadsheet program counts them. */
export default defineComponent({
  name: 'ListsPage',
  setup() {
    const kind = ref<'enterprise' | 'provider'>('enterprise');
    const file = ref<File | null>(null);
    const fault = ref('');
    const isBusy = ref(false);
    /** What goes into the public register is asked about first. */
    const asks = ref(false);
    const result = ref<{ of: string; kind: string; told: ImportResult } | null>(null);

    const take = (event: Event): void => {
      const element = event.target as HTMLInputElement;
      const chosen = element.files?.[0] ?? null;
      element.value = '';
      fault.value = !chosen ? '' : !chosen.name.toLowerCase().endsWith('.xlsx') ? '请选择 xlsx 表格' : chosen.size > MAX_BYTES ? `${size(chosen.size)}，超过 2 MB` : '';
      file.value = fault.value ? null : chosen;
      result.value = null;
    };

    function press(): void {
      if (!file.value) fault.value = '请选择表格';
      else if (kind.value === 'provider') asks.value = true;
      else void send(file.value);
    }

    async function send(sheet: File): Promise<void> {
      asks.value = false;
      isBusy.value = true;
      try {
        const told = await ask<ImportResult>(`/api/v1/organisations/pilot-list?kind=${kind.value}`, { method: 'POST', raw: sheet, headers: { 'Content-Type': XLSX } });
        result.value = { of: sheet.name, kind: TITLES[kind.value], told };
        file.value = null;
      } catch (error) { fault.value = sentenceOf(error); } finally { isBusy.value = false; }
    }

    const template = (): void => { ask<Blob>('/api/v1/organisations/pilot-list/template').then((blob) => download(blob, '名单模板.xlsx'), complain); };

    const outcome = ({ of, kind: title, told }: NonNullable<typeof result.value>) => (
      <section class="card" aria-labelledby="list-result">
        <h2 id="list-result" class="card-title">{title}：{of}</h2>
        <p role="status" class={['note', told.faults.length > 0 ? 'note-warning' : 'note-success']}>
          新增 {told.imported} 家，更正 {told.updated} 家，未变 {told.unchanged} 家{told.faults.length > 0 ? `；${new Set(told.faults.map(({ row }) => row)).size} 行有误未导入，改正后可整表再次导入` : '；全部成功'}
        </p>
        {told.faults.length > 0 ? (
          <table class="table">
            <thead><tr><th scope="col">行</th><th scope="col">列</th><th scope="col">问题</th></tr></thead>
            <tbody>{told.faults.map(({ row, field, message }, index) => <tr key={index}><td class="nowrap">第 {row} 行</td><td class="nowrap">{COLUMNS[field] ?? field}</td><td>{message}</td></tr>)}</tbody>
          </table>
        ) : null}
      </section>
    );

    return () => (
      <div class="page page-narrow">
        <div class="page-head"><h1>名单导入</h1></div>
        <section class="card" aria-label="导入名单">
          <fieldset class="field">
            <legend>名单类别</legend>
            <div class="options">
              {Object.entries(TITLES).map(([value, title]) => <label class="option" key={value}><input type="radio" name="kind" checked={kind.value === value} onChange={() => { kind.value = value as typeof kind.value; }} /><span>{title}</span></label>)}
            </div>
            <p class="hint">{EFFECTS[kind.value]}</p>
          </fieldset>
          <div class="field">
            <span class="field-label">表格</span>
            <input id="list-file" class="unseen-file" type="file" accept=".xlsx" aria-describedby="list-hint list-fault" onChange={take} />
            <p><label for="list-file" class="file-button">选择表格</label> <Button theme="default" variant="text" onClick={template}>下载模板</Button>{file.value ? <span class="file-chosen">{file.value.name}<span class="quiet">{size(file.value.size)}</span></span> : null}</p>
            <p id="list-hint" class="hint">xlsx，不超过 2 MB、5,000 行。同一份表可重复导入，已有且未变的不受影响。</p>
            <p id="list-fault" class="fault" role="alert">{fault.value}</p>
          </div>
          <div class="actions"><Button loading={isBusy.value} onClick={press}>导入</Button>{isBusy.value ? <span class="quiet" role="status">正在逐行核对…</span> : null}</div>
        </section>
        {result.value ? outcome(result.value) : null}
        {asks.value && file.value ? (
          <Modal title="导入服务商名单？" onClose={() => { asks.value = false; }}>
            <p class="modal-text">“{file.value.name}”所列单位将列入服务商库，并向公众公开。请确认这是服务商名单，不是试点企业名单。</p>
            <div class="modal-foot"><Button onClick={() => void send(file.value!)}>确认导入</Button><Button theme="default" variant="outline" onClick={() => { asks.value = false; }}>取消</Button></div>
          </Modal>
        ) : null}
      </div>
    );
  },
});
