import type { Template } from './types';

/** The private templates of the simulated account. Another list may be given at start or over `/sim/templates`. */
export const TEMPLATES: Template[] = [
  {
    id: 'TPL_TASK',
    title: '待办事项提醒',
    kind: 'once',
    fields: { thing1: '事项名称', character_string2: '办件编号', time3: '办理时限', phrase4: '当前状态' },
  },
  {
    id: 'TPL_INQUIRY',
    title: '核实询问通知',
    kind: 'once',
    fields: { thing1: '事项名称', character_string2: '办件编号', time3: '答复期限', thing4: '温馨提示' },
  },
  {
    id: 'TPL_REMINDER',
    title: '办理到期提醒',
    kind: 'once',
    fields: { thing1: '事项名称', character_string2: '办件编号', time3: '到期时间', thing4: '温馨提示' },
  },
  {
    id: 'TPL_PROGRESS',
    title: '办理进度通知',
    kind: 'once',
    fields: { thing1: '事项名称', character_string2: '办件编号', phrase3: '办理状态', time4: '更新时间' },
  },
  {
    id: 'TPL_RESULT',
    title: '办理结果通知',
    kind: 'once',
    fields: { thing1: '事项名称', character_string2: '办件编号', phrase3: '办理结果', time4: '办结时间', thing5: '温馨提示' },
  },
  {
    id: 'TPL_NOTICE',
    title: '公示公告通知',
    kind: 'longterm',
    fields: { thing1: '公告标题', date2: '公示时间' },
  },
];

/** The same list as the product is told of it (WECHAT_TEMPLATES): kind of message to template, key to what stands there. */
export const PRODUCT_TEMPLATES = {
  task: {
    id: 'TPL_TASK',
    fields: { thing1: 'matter', character_string2: 'no', time3: 'time', phrase4: 'state' },
  },
  inquiry: {
    id: 'TPL_INQUIRY',
    fields: { thing1: 'matter', character_string2: 'no', time3: 'time', thing4: 'advice' },
  },
  reminder: {
    id: 'TPL_REMINDER',
    fields: { thing1: 'matter', character_string2: 'no', time3: 'time', thing4: 'advice' },
  },
  progress: {
    id: 'TPL_PROGRESS',
    fields: { thing1: 'matter', character_string2: 'no', phrase3: 'state', time4: 'time' },
  },
  result: {
    id: 'TPL_RESULT',
    fields: { thing1: 'matter', character_string2: 'no', phrase3: 'state', time4: 'time', thing5: 'advice' },
  },
} as const;
