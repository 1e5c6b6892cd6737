import addIcon from 'tdesign-icons-svg/src/add-rectangle.svg?raw';
import bookIcon from 'tdesign-icons-svg/src/book-open.svg?raw';
import calendarIcon from 'tdesign-icons-svg/src/calendar.svg?raw';
import chartIcon from 'tdesign-icons-svg/src/chart-bar.svg?raw';
import dashboardIcon from 'tdesign-icons-svg/src/dashboard.svg?raw';
import exportIcon from 'tdesign-icons-svg/src/file-export.svg?raw';
import importIcon from 'tdesign-icons-svg/src/file-import.svg?raw';
import searchIcon from 'tdesign-icons-svg/src/file-search.svg?raw';
import layersIcon from 'tdesign-icons-svg/src/layers.svg?raw';
import mailIcon from 'tdesign-icons-svg/src/mail.svg?raw';
import securedIcon from 'tdesign-icons-svg/src/secured.svg?raw';
import shopIcon from 'tdesign-icons-svg/src/shop.svg?raw';
import soundIcon from 'tdesign-icons-svg/src/sound.svg?raw';
import taskIcon from 'tdesign-icons-svg/src/task.svg?raw';
import userIcon from 'tdesign-icons-svg/src/user-safety.svg?raw';
import accountIcon from 'tdesign-icons-svg/src/user-circle.svg?raw';
import groupIcon from 'tdesign-icons-svg/src/usergroup.svg?raw';
import verifyIcon from 'tdesign-icons-svg/src/verify.svg?raw';
import type { StaffRole } from '../kernel/actor';
import { has, hasDuty, isDispatched, me } from './session';

export interface Entry {
  path: string;
  title: string;
  group: (typeof GROUPS)[number];
  /** The text of an SVG. */
  icon: string;
  /** Whether it stands in this person's menu; the server decides again. */
  shown: () => boolean;
}

export const GROUPS = ['办理', '查阅', '监督', '设置'] as const;

const overseers: StaffRole[] = ['supervisor', 'director', 'auditor', 'admin'];
const cityWide = (): boolean => me()?.regions.length === 0;

/** The menu, in its order. */
export const MENU: readonly Entry[] = [
  { path: '/queue', title: '我的队列', group: '办理', icon: taskIcon, shown: isDispatched },
  { path: '/todo', title: '待我办理', group: '办理', icon: taskIcon, shown: () => has('expert', 'agency') },
  { path: '/claims', title: '单位认领', group: '办理', icon: verifyIcon, shown: () => has('county') || (has('intake') && cityWide()) },
  { path: '/inbox', title: '消息', group: '办理', icon: mailIcon, shown: () => true },
  { path: '/identity', title: '身份查看', group: '办理', icon: userIcon, shown: () => me()?.desks.some((desk) => desk === 'report' || desk === 'director') ?? false },
  { path: '/open', title: '发起事项', group: '办理', icon: addIcon, shown: () => has('reviewer', 'director') },
  { path: '/cases', title: '案件查询', group: '查阅', icon: searchIcon, shown: () => true },
  { path: '/batches', title: '验收批次', group: '查阅', icon: layersIcon, shown: () => has('reviewer', ...overseers) },
  { path: '/providers', title: '服务商库', group: '查阅', icon: shopIcon, shown: () => true },
  { path: '/notices', title: '公告', group: '查阅', icon: soundIcon, shown: () => true },
  { path: '/rulebook', title: '规则库', group: '查阅', icon: bookIcon, shown: () => true },
  { path: '/board', title: '督办看板', group: '监督', icon: dashboardIcon, shown: () => has(...overseers) },
  { path: '/statistics', title: '统计分析', group: '监督', icon: chartIcon, shown: () => has('supervisor', 'director', 'auditor', 'reviewer', 'intake', 'county') },
  { path: '/audit', title: '审计', group: '监督', icon: securedIcon, shown: () => has('auditor', 'director', 'admin') },
  { path: '/exports', title: '导出记录', group: '监督', icon: exportIcon, shown: () => has('intake', 'reviewer', 'county', ...overseers) },
  { path: '/lists', title: '名单导入', group: '设置', icon: importIcon, shown: () => has('intake', 'admin') && cityWide() },
  { path: '/staff', title: '人员管理', group: '设置', icon: groupIcon, shown: () => has('admin', 'supervisor', 'auditor') },
  { path: '/mine', title: '值班与请假', group: '设置', icon: calendarIcon, shown: hasDuty },
  { path: '/mine', title: '我的账户', group: '设置', icon: accountIcon, shown: () => !hasDuty() },
];

/** Whether a page stands in this person's menu. */
export const isListed = (path: string): boolean => MENU.some((entry) => entry.path === path && entry.shown());

/** Where work waits, the most usual first: there a person begins. A county's work is claims; of its desk no procedure makes use yet. */
const BEGINNINGS: readonly string[] = ['/queue', '/todo', '/board', '/claims', '/statistics', '/lists', '/staff'];
export const home = (): string => (has('county') ? '/claims' : BEGINNINGS.find(isListed) ?? '/cases');
