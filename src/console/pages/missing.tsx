import { defineComponent } from 'vue';
import { RouterLink } from 'vue-router';
import { Empty } from '../parts/states';

export default defineComponent({
  name: 'MissingPage',
  setup: () => () => <Empty title="没有这个页面" hint="地址可能有误，或该页面已移除"><RouterLink class="link" to="/">返回首页</RouterLink></Empty>,
});
