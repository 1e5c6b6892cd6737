import { computed, defineComponent } from 'vue';
import { RouterLink, useRoute } from 'vue-router';
import type { RulebookView } from '../../rulebook/routes';
import { get } from '../api';
import { day } from '../format';
import { load } from '../load';
import { Holidays } from '../parts/holidays';
import { RulebookHistory, type Revision } from '../parts/rulebook-history';
import { RulebookParameters } from '../parts/rulebook-parameters';
import { staleNote, standIn } from '../parts/states';

const VIEWS = { parameters: '参数', history: '修改记录', calendar: '节假日' } as const;
type View = keyof typeof VIEWS;

/** The rules in force: every number with where it comes from, what was changed and by whom, and the calendar. Administrators change them. */
export default defineComponent({
  name: 'RulebookPage',
  setup() {
    const route = useRoute();
    const view = computed<View>(() => (Object.hasOwn(VIEWS, String(route.query['view'])) ? route.query['view'] as View : 'parameters'));
    const rulebook = load(() => get<RulebookView>('/api/v1/rulebook'));
    const history = load(() => get<{ items: Revision[] }>('/api/v1/rulebook/history'));
    const planned = computed(() => history.value?.items.find(({ state }) => state === 'scheduled'));
    const inForce = computed(() => history.value?.items.find(({ state }) => state === 'inForce')?.version);
    const newest = computed(() => history.value?.items[0]?.version ?? 1);

    async function look(): Promise<void> {
      await Promise.all([rulebook.reload(), history.reload()]);
    }

    const body = (rules: RulebookView, revisions: Revision[]) => {
      switch (view.value) {
        case 'history': return <RulebookHistory revisions={revisions} onChange={() => void look()} />;
        case 'calendar': return <Holidays years={rules.calendar.years} newest={newest.value} onChange={() => void look()} />;
        default: return <RulebookParameters rulebook={rules} newest={newest.value} plannedFrom={planned.value?.from ? day(planned.value.from) : undefined} onChange={() => void look()} />;
      }
    };

    return () => (
      <div class="page">
        <div class="page-head">
          <h1>规则库</h1>
          <nav class="views" aria-label="规则库的内容">
            {Object.entries(VIEWS).map(([key, title]) => <RouterLink key={key} class={['view-link', view.value === key && 'view-link-on']} aria-current={view.value === key ? 'page' : undefined} to={{ path: '/rulebook', query: key === 'parameters' ? {} : { view: key } }}>{title}</RouterLink>)}
          </nav>
          {inForce.value ? <span class="quiet">现行第 {inForce.value} 版</span> : null}
        </div>
        {planned.value?.from ? <p class="note note-warning">第 {planned.value.version} 版将自 {day(planned.value.from)} 起施行。<RouterLink class="link" to="/rulebook?view=history">查看或撤回</RouterLink></p> : null}
        {staleNote(rulebook)}
        {standIn(rulebook, rulebook.value !== null) ?? standIn(history, history.value !== null) ?? body(rulebook.value!, history.value!.items)}
      </div>
    );
  },
});
