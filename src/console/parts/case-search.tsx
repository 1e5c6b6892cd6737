import { defineComponent, ref } from 'vue';
import { useRouter } from 'vue-router';

const CASE_NO = /^[A-Z]{2}\d{8}-[0-9A-Z]{6}$/;

/** Straight to a case by its number; `/` puts the cursor here. */
export const CaseSearch = defineComponent({
  name: 'CaseSearch',
  setup() {
    const router = useRouter();
    const text = ref('');
    const isWrong = ref(false);
    const go = (event: Event): void => {
      event.preventDefault();
      const no = text.value.trim().toUpperCase();
      isWrong.value = !CASE_NO.test(no);
      if (isWrong.value) return;
      text.value = '';
      void router.push(`/cases/${no}`);
    };
    return () => (
      <form class="search" role="search" onSubmit={go}>
        <label class="unseen" for="case-search">按案件编号查找</label>
        <input
          id="case-search" class="box" placeholder="按案件编号查找" autocomplete="off" value={text.value} aria-invalid={isWrong.value}
          aria-describedby="case-search-fault" onInput={(event) => { text.value = (event.target as HTMLInputElement).value; isWrong.value = false; }}
        />
        <span id="case-search-fault" class={isWrong.value ? 'search-fault' : 'unseen'} role="status">{isWrong.value ? '编号格式不对：两位字母、八位数字、短横、六位校验码' : ''}</span>
      </form>
    );
  },
});
