type Json = Record<string, unknown>;
type Access = 'public' | 'signed in' | 'staff';

/** Routes that are no procedure's: method, path, what for, who. A test holds this list against the router. */
export const AREA_ROUTES: readonly (readonly [method: string, path: string, summary: string, access: Access])[] = [
  ['post', '/api/v1/session/wechat', '微信登录：提交 wx.login 的 code', 'public'],
  ['post', '/api/v1/session/staff', '工作人员登录：口令与动态码', 'public'],
  ['post', '/api/v1/session/enrolment', '工作人员启用账户：出示启用码', 'public'],
  ['post', '/api/v1/session/enrolment/complete', '工作人员启用账户：设置口令并绑定动态码', 'public'],
  ['post', '/api/v1/session/refresh', '换发令牌', 'public'],
  ['post', '/api/v1/session/phone', '绑定手机号', 'signed in'],
  ['post', '/api/v1/session/acting', '切换代表的单位', 'signed in'],
  ['delete', '/api/v1/session', '退出登录', 'signed in'],
  ['get', '/api/v1/me', '我的身份', 'signed in'],
  ['patch', '/api/v1/me/duty', '本人的值班与请假', 'staff'],
  ['post', '/api/v1/invitations/{id}/accept', '接受邀请', 'signed in'],
  ['post', '/api/v1/organisations/claims', '认领单位', 'signed in'],
  ['get', '/api/v1/organisations/claims', '认领申请：本人的，或县区待办', 'signed in'],
  ['post', '/api/v1/organisations/claims/{id}/decide', '县区核对认领申请', 'staff'],
  ['get', '/api/v1/organisations/pilot-list/template', '试点名单模板', 'staff'],
  ['post', '/api/v1/organisations/pilot-list', '导入试点名单', 'staff'],
  ['get', '/api/v1/organisations/{id}/members', '单位成员', 'signed in'],
  ['post', '/api/v1/organisations/{id}/members', '邀请同事', 'signed in'],
  ['delete', '/api/v1/organisations/{id}/members/{person}', '移除成员', 'signed in'],
  ['delete', '/api/v1/organisations/{id}/invitations/{invitation}', '撤回邀请', 'signed in'],
  ['get', '/api/v1/staff', '工作人员', 'staff'],
  ['post', '/api/v1/staff', '新增工作人员', 'staff'],
  ['patch', '/api/v1/staff/{id}', '调整工作人员', 'staff'],
  ['post', '/api/v1/staff/{id}/reset', '重置工作人员账户', 'staff'],
  ['get', '/api/v1/procedures', '流程与状态的名称', 'public'],
  ['get', '/console', '工作台', 'public'],
  ['get', '/console/{path}', '工作台的页面与资源', 'public'],
  ['get', '/api/v1/providers', '服务商库', 'public'],
  ['post', '/api/v1/chat', '对智能助手说', 'signed in'],
  ['get', '/api/v1/chat', '对话记录', 'signed in'],
  ['get', '/api/v1/rulebook', '规则库：条款、参数、工作日历', 'public'],
  ['get', '/api/v1/rulebook/articles/{no}', '条款：解读、相关参数、办法原文', 'public'],
  ['get', '/api/v1/rulebook/metrics', '评测指标与应用场景', 'public'],
  ['get', '/api/v1/regions', '县（市、区）', 'public'],
  ['get', '/api/v1/sectors', '细分行业', 'public'],
  ['get', '/api/v1/rulebook/history', '规则库历次修改', 'staff'],
  ['post', '/api/v1/rulebook', '修改参数与节假日安排', 'staff'],
  ['get', '/api/v1/cases/{no}/identity/openings', '本案的身份查看申请', 'staff'],
  ['post', '/api/v1/cases/{no}/identity/openings', '申请查看举报人身份', 'staff'],
  ['get', '/api/v1/identity/openings/{id}', '身份查看申请的状态', 'staff'],
  ['post', '/api/v1/identity/openings/{id}/approve', '批准查看（另一名承办人员）', 'staff'],
  ['post', '/api/v1/identity/openings/{id}/open', '查看举报人身份', 'staff'],
  ['get', '/api/v1/me/identity-openings', '谁查看过我的身份', 'signed in'],
  ['get', '/api/v1/inbox', '消息', 'signed in'],
  ['get', '/api/v1/inbox/count', '未读数', 'signed in'],
  ['post', '/api/v1/inbox/seen', '全部标为已读', 'signed in'],
  ['post', '/api/v1/inbox/{id}/seen', '标为已读', 'signed in'],
  ['post', '/api/v1/consents', '登记订阅消息授权', 'signed in'],
  ['get', '/api/v1/consents/wanted', '可请求的订阅消息', 'signed in'],
  ['get', '/api/v1/queue', '我的队列', 'staff'],
  ['post', '/api/v1/queue/next', '领取下一件', 'staff'],
  ['get', '/api/v1/queue/board', '各队列概况', 'staff'],
  ['get', '/api/v1/queue/live', '队列变化（SSE）', 'staff'],
  ['post', '/api/v1/queue/{no}/claim', '领取', 'staff'],
  ['post', '/api/v1/queue/{no}/return', '退回队列', 'staff'],
  ['post', '/api/v1/queue/{no}/reassign', '改派', 'staff'],
  ['get', '/api/v1/queue/{no}/why', '分派说明', 'staff'],
  ['get', '/api/v1/cases/{no}/documents/{name}', '导出案件文书', 'signed in'],
  ['post', '/api/v1/files', '上传文件', 'signed in'],
  ['get', '/api/v1/files/{id}', '文件信息与下载链接', 'signed in'],
  ['get', '/files/{id}', '下载文件', 'signed in'],
  ['get', '/wechat/push', '微信消息推送：地址校验', 'public'],
  ['post', '/wechat/push', '微信消息推送', 'public'],
  ['get', '/healthz', '存活', 'public'],
  ['get', '/readyz', '就绪', 'public'],
  ['get', '/metrics', 'Prometheus 指标', 'public'],
];

/** The same as OpenAPI paths. */
export function areaPaths(): Json {
  const paths: Record<string, Json> = {};
  for (const [method, path, summary, access] of AREA_ROUTES) {
    const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
    paths[path] = {
      ...paths[path],
      [method]: {
        operationId: `${method} ${path}`, summary, ...(access === 'public' ? { security: [] } : {}), ...(parameters.length > 0 ? { parameters } : {}),
        responses: { default: { description: '结果，或 application/problem+json' } },
      },
    };
  }
  return paths;
}
