import { computed, defineComponent, ref } from 'vue';
import { get, query } from '../api';
import { load } from '../load';
import { regionName, sectorName } from '../words';
import { Box } from '../parts/box';
import { standIn } from '../parts/states';

export interface Provider { id: string; name: string; region: string; sector: string | null }

const SHOWN = 6;
const PAGES = 20;
let known: Promise<Provider[]> | null = null;

/** The public register of providers, whole; asked for once. */
export async function providers(): Promise<Provider[]> {
  known ??= (async () => {
    const all: Provider[] = [];
    let after: string | null | undefined;
    for (let page = 0; page < PAGES; page += 1) {
      const { items, next } = await get<{ items: Provider[]; next: string | null }>(`/api/v1/providers${query({ limit: 100, after })}`);
      all.push(...items);
      after = next;
      if (!next) break;
    }
    return all;
  })().catch((error: unknown) => { known = null; throw error; });
  return known;
}

/** Chooses a provider of the register by typing a part of its name. */
export const OrganisationPicker = defineComponent({
  name: 'OrganisationPicker',
  props: { id: { type: String, required: true }, value: { type: String, required: true }, required: Boolean },
  emits: { change: (_id: string) => true },
  setup(props, { emit }) {
    const list = load(providers);
    const text = ref('');
    const found = computed(() => (list.value ?? []).filter(({ id, name }) => id === props.value || name.includes(text.value.trim())));
    return () => standIn(list, list.value !== null) ?? (
      <div class="orgs">
        <Box id={props.id} value={text.value} onChange={(next: string) => { text.value = next; }} placeholder="输入名称的一部分" aria-label="按名称筛选服务商" />
        <div class="options options-column" role="radiogroup" aria-label="服务商">
          {props.required ? null : (
            <label class="option"><input type="radio" name={`${props.id}-of`} checked={props.value === ''} onChange={() => emit('change', '')} /><span>不选</span></label>
          )}
          {found.value.slice(0, SHOWN).map(({ id, name, region, sector }) => (
            <label class="option" key={id}>
              <input type="radio" name={`${props.id}-of`} checked={props.value === id} onChange={() => emit('change', id)} />
              <span>{name}<span class="quiet"> {regionName(region)} {sectorName(sector)}</span></span>
            </label>
          ))}
        </div>
        {found.value.length === 0 ? <p class="hint">没有符合的服务商</p> : found.value.length > SHOWN ? <p class="hint">共 {found.value.length} 家，继续输入以缩小范围</p> : null}
      </div>
    );
  },
});
