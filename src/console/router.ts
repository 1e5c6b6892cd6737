import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { home } from './menu';
import { restore, session } from './session';

const routes: RouteRecordRaw[] = [
  { path: '/sign-in', component: () => import('./pages/sign-in'), meta: { title: '登录', open: true } },
  { path: '/enrol', component: () => import('./pages/enrol'), meta: { title: '启用账户', open: true } },
  // Where a person begins depends on who they are: the guard below sends them on.
  { path: '/', component: () => import('./pages/missing') },
  { path: '/queue', component: () => import('./pages/queue'), meta: { title: '我的队列' } },
  { path: '/todo', component: () => import('./pages/cases'), meta: { title: '待我办理' }, props: { waiting: true } },
  { path: '/cases', component: () => import('./pages/cases'), meta: { title: '案件查询' } },
  { path: '/cases/:no', component: () => import('./pages/case'), meta: { title: '案件' }, props: true },
  { path: '/inbox', component: () => import('./pages/inbox'), meta: { title: '消息' } },
  { path: '/identity', component: () => import('./pages/identity'), meta: { title: '身份查看' } },
  { path: '/open', component: () => import('./pages/open'), meta: { title: '发起事项' } },
  { path: '/board', component: () => import('./pages/board'), meta: { title: '督办看板' } },
  { path: '/statistics', component: () => import('./pages/statistics'), meta: { title: '统计分析' } },
  { path: '/batches', component: () => import('./pages/batches'), meta: { title: '验收批次' } },
  { path: '/providers', component: () => import('./pages/providers'), meta: { title: '服务商库' } },
  { path: '/providers/:id', component: () => import('./pages/provider'), meta: { title: '服务商' }, props: true },
  { path: '/notices', component: () => import('./pages/notices'), meta: { title: '公告' } },
  { path: '/claims', component: () => import('./pages/claims'), meta: { title: '单位认领' } },
  { path: '/lists', component: () => import('./pages/lists'), meta: { title: '名单导入' } },
  { path: '/staff', component: () => import('./pages/staff'), meta: { title: '人员管理' } },
  { path: '/rulebook', component: () => import('./pages/rulebook'), meta: { title: '规则库' } },
  { path: '/audit', component: () => import('./pages/audit'), meta: { title: '审计' } },
  { path: '/exports', component: () => import('./pages/exports'), meta: { title: '导出记录' } },
  { path: '/mine', component: () => import('./pages/mine'), meta: { title: '值班与请假' } },
  { path: '/:rest(.*)*', component: () => import('./pages/missing'), meta: { title: '没有这个页面' } },
];

export const router = createRouter({ history: createWebHistory('/console/'), routes, scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 } });

router.beforeEach(async (to) => {
  if (session.stage === 'unknown') await restore().catch(() => undefined);
  if (to.meta['open']) return session.stage === 'in' && to.path === '/sign-in' ? { path: home() } : true;
  if (session.stage === 'out') return { path: '/sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } };
  return to.path === '/' ? { path: home(), replace: true } : true;
});
router.afterEach((to) => { document.title = `${String(to.meta['title'] ?? '')} · 数转通工作台`; });
