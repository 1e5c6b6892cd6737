/** One wrong field: where it is (dotted path in the input) and what to do about it, in Chinese. */
export interface Fault {
  field: string;
  message: string;
}

/** Every expected "no": its HTTP status and the sentence a person reads. One code per cause; clients branch on the code. */
export const REFUSALS = {
  INVALID: [422, '填写的内容有误，请按提示修改'],
  MALFORMED: [400, '请求格式不正确'],
  UNAUTHENTICATED: [401, '请先登录'],
  EXPIRED: [401, '登录已过期，请重新登录'],
  SIGN_IN_FAILED: [401, '账号、密码或动态口令不正确'],
  CODE_REFUSED: [401, '微信验证码无效或已使用，请重试'],
  CSRF_REFUSED: [403, '请求来源校验未通过，请刷新页面后重试'],
  PHONE_REQUIRED: [409, '请先绑定手机号'],
  FORBIDDEN: [403, '您没有办理此事项的权限'],
  NOT_FOUND: [404, '未找到该内容'],
  METHOD_NOT_ALLOWED: [405, '不支持的请求方式'],
  ILLEGAL_MOVE: [409, '当前状态不能进行此操作'],
  STALE: [409, '内容已被他人更新，请刷新后重试'],
  KEY_REUSED: [409, '同一幂等键已用于另一项请求'],
  CONFLICT: [409, '与现有记录冲突'],
  TOO_LARGE: [413, '提交的内容过大'],
  UNSUPPORTED_TYPE: [415, '不支持的内容类型'],
  TOO_MANY: [429, '操作过于频繁，请稍后再试'],
  NEEDS_SECOND_PERSON: [403, '须由本案另一名办理人员批准'],
  OPENING_CLOSED: [409, '该次查看尚未获准、已获准过或已超过时限'],
  LINK_EXPIRED: [403, '链接已失效，请重新打开该文件'],
  INFECTED: [422, '文件含有恶意内容，未予接收'],
  DAMAGED: [409, '文件与提交时不一致，已停止提供，请联系管理人员'],
  TASK_TAKEN: [409, '该任务已由其他人员领取或正派给其他人员'],
  TASK_GONE: [409, '该任务已办结或已转出本队列'],
  TASK_NOT_HELD: [409, '该任务不在您名下'],
  TASKS_FULL: [409, '您的在办任务已达上限，请先办结或退回部分任务'],
  NOT_ELIGIBLE: [403, '不符合办理该任务的条件'],
  UNAVAILABLE: [503, '服务暂时不可用，请稍后再试'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type RefusalCode = keyof typeof REFUSALS;

export interface RefusalDetail {
  /** Replaces the table's sentence where a more exact one is known. Chinese, free of personal data. */
  detail?: string;
  faults?: Fault[];
  /** The article a refusal rests on, such as '12.3'. */
  article?: string;
  retryAfterSeconds?: number;
}

/** An expected refusal. Anything else thrown is a bug and answers 500 without detail. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  readonly detail: string;
  readonly faults: Fault[];
  readonly article: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: RefusalCode, more: RefusalDetail = {}) {
    super(code);
    this.name = 'Refusal';
    const [status, sentence] = REFUSALS[code];
    this.code = code;
    this.status = status;
    this.detail = more.detail ?? sentence;
    this.faults = more.faults ?? [];
    this.article = more.article;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** One wrong field, refused. */
export const invalid = (field: string, message: string, article?: string): Refusal =>
  new Refusal('INVALID', { detail: message, faults: [{ field, message }], ...(article ? { article } : {}) });
