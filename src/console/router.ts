import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import type { StaffRole } from '../kernel/actor';
import { has, me, restore, session } from './session';

export interface Entry {
  path: string;
  title: string;
  /** Whether it stands in this person's menu; the server decides again. */
  shown: () => boolean;
}

const overseers: StaffRole[] = ['supervisor', 'director', 'auditor', 'admin'];
const cityWide = (): boolean => me()?.regions.length === 0;

/** The menu, in its order. */
export const MENU: readonly Entry[] = [
  { path: '/queue', title: '我的队列', shown: () => (me()?.desks.length ?? 0) > 0 },
  { path: '/todo', title: '待我办理', shown: () => has('expert', 'agency') },
  { path: '/cases', title: '案件查询', shown: () => true },
  { path: '/inbox', title: '消息', shown: () => true },
  { path: '/identity', title: '身份查看', shown: () => me()?.desks.some((desk) => desk === 'report' || desk === 'director') ?? false },
  { path: '/open', title: '发起事项', shown: () => has('reviewer', 'director') },
  { path: '/board', title: '督办看板', shown: () => has(...overseers) },
  { path: '/statistics', title: '统计分析', shown: () => has('supervisor', 'director', 'auditor', 'reviewer', 'intake', 'county') },
  { path: '/batches', title: '验收批次', shown: () => has('reviewer', ...overseers) },
  { path: '/providers', title: '服务商库', shown: () => true },
  { path: '/notices', title: '公告', shown: () => true },
  { path: '/claims', title: '单位认领', shown: () => has('county') || (has('intake') && cityWide()) },
  { path: '/lists', title: '名单导入', shown: () => has('intake', 'admin') && cityWide() },
  { path: '/staff', title: '人员管理', shown: () => has('admin', 'supervisor', 'auditor') },
  { path: '/rulebook', title: '规则库', shown: () => true },
  { path: '/audit', title: '审计', shown: () => has('auditor', 'director', 'admin') },
  { path: '/exports', title: '导出记录', shown: () => has('intake', 'reviewer', 'county', ...overseers) },
  { path: '/mine', title: '值班与请假', shown: () => true },
];

/** Whether a page stands in this person's menu. */
export const isListed = (path: string): boolean => MENU.find((entry) => entry.path === path)?.shown() ?? false;

/** Pages to look something up in, where nothing waits for anybody. */
const LOOKED_UP = new Set(['/cases', '/inbox', '/open', '/identity', '/batches', '/providers', '/notices', '/rulebook']);
/** Where a person begins: the first of their menu with work in it. */
export const home = (): string => MENU.find(({ path, shown }) => !LOOKED_UP.has(path) && shown())?.path ?? '/cases';

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
