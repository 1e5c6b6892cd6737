import 'tdesign-vue-next/es/style/index.css';
import './style.css';
import './work.css';
import { createApp } from 'vue';
import { App } from './app';
import { router } from './router';

createApp(App).use(router).mount('#app');
