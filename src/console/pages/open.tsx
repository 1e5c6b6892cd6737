import { computed, defineComponent, ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Receipt } from '../../kernel/case';
import { post } from '../api';
import { MoveForm } from '../form/move-form';
import { load } from '../load';
import { openings, type Opening } from '../openings';
import { Empty, said, standIn } from '../parts/states';
import { articleInWords } from '../words';

/** What this colleague may begin on their own: announcing a batch, for one. */
export default defineComponent({
  name: 'OpenPage',
  setup() {
    const router = useRouter();
    const known = load(openings);
    // Another page may lead straight to one of them.
    const chosen = ref(String(useRoute().query['what'] ?? ''));
    const idOf = ({ procedure, move }: Opening): string => `${procedure}/${move}`;
    const opening = computed(() => known.value?.find((one) => idOf(one) === chosen.value));

    async function begin(input: Record<string, unknown>, key: string): Promise<void> {
      const { receipt } = await post<{ receipt: Receipt }>(`/api/v1/${chosen.value}`, input, { key });
      said(`已发起 ${receipt.no}`);
      await router.push(`/cases/${receipt.no}`);
    }

    return () => (
      <div class="page page-narrow">
        <div class="page-head"><h1>发起事项</h1><p class="quiet">由工信局主动发起的事项；企业、服务商和公众提交的会自动进入队列。</p></div>
        {standIn(known, known.value !== null) ?? (
          <section class="card" aria-label="可发起的事项">
            {known.value!.length === 0 ? <Empty title="没有可由您发起的事项" hint="案件由企业、服务商和公众在小程序发起，到达后会进入队列" /> : null}
            <div class="moves">
              {known.value!.map((one) => (
                <div key={idOf(one)} class="move">
                  <button type="button" class={['move-button', chosen.value === idOf(one) && 'move-button-on']} aria-expanded={chosen.value === idOf(one)} onClick={() => { chosen.value = chosen.value === idOf(one) ? '' : idOf(one); }}>
                    <span>{one.procedureTitle}：{one.title}</span><span class="quiet">{articleInWords(one.article)}　›</span>
                  </button>
                  {opening.value && chosen.value === idOf(one) ? <div class="move-form"><MoveForm move={opening.value} draft={`open/${chosen.value}`} submit={begin} onCancel={() => { chosen.value = ''; }} /></div> : null}
                </div>
              ))}
            </div>
          </section>
        )}
      </div>
    );
  },
});
