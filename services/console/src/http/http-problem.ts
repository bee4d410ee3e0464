import type { Problem } from "@hotgrid/contracts";

export interface Text {
  readonly zh: string;
  readonly en: string;
}

interface ProblemInput {
  readonly status: number;
  /** Machine name: the last part of the problem's type, e.g. "not-found". */
  readonly name: string;
  readonly text: Text;
  readonly remedy?: Text;
  /** Path of the field at fault, e.g. "body.note". */
  readonly field?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is not the one hoped for, as RFC 9457 writes it. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Problem;

  constructor({ status, name, text, remedy, field, headers = {} }: ProblemInput, options?: ErrorOptions) {
    super(text.en, options);
    this.name = "HttpProblem";
    this.status = status;
    this.headers = headers;
    this.body = {
      type: `urn:hotgrid:problem:${name}`,
      title: TITLES[status]?.en ?? "Error",
      status,
      detail: text.en,
      detailZh: text.zh,
      ...(field === undefined ? {} : { field }),
      ...(remedy === undefined ? {} : { remedy }),
    };
  }
}

const TITLES: Readonly<Record<number, Text>> = {
  400: { zh: "请求无法理解", en: "Bad request" },
  401: { zh: "未登录", en: "Not logged in" },
  403: { zh: "没有权限", en: "Forbidden" },
  404: { zh: "不存在", en: "Not found" },
  409: { zh: "与当前状态冲突", en: "Conflict" },
  413: { zh: "请求过大", en: "Request too large" },
  415: { zh: "不支持的格式", en: "Unsupported media type" },
  422: { zh: "内容不合要求", en: "Invalid content" },
  429: { zh: "请求过于频繁", en: "Too many requests" },
  500: { zh: "服务内部错误", en: "Internal error" },
  503: { zh: "服务暂不可用", en: "Temporarily unavailable" },
};

/** Unknown and not visible look the same, on purpose. */
export const notFound = (): HttpProblem =>
  new HttpProblem({
    status: 404,
    name: "not-found",
    text: { zh: "没有这项内容,或您无权查看", en: "This does not exist, or you may not see it" },
  });

export const forbidden = (name: string, text: Text, remedy?: Text): HttpProblem =>
  new HttpProblem({ status: 403, name, text, ...(remedy ? { remedy } : {}) });

export const invalid = (field: string, text: Text, remedy?: Text): HttpProblem =>
  new HttpProblem({ status: 422, name: "invalid", field, text, ...(remedy ? { remedy } : {}) });

export const notLoggedIn = (): HttpProblem =>
  new HttpProblem({
    status: 401,
    name: "not-logged-in",
    text: { zh: "没有登录,或登录已过期", en: "There is no session, or it has expired" },
    remedy: { zh: "请重新登录", en: "Log in again" },
  });

export const codesUnreadable = (cause: unknown): HttpProblem =>
  new HttpProblem(
    {
      status: 503,
      name: "totp-unreadable",
      text: { zh: "系统暂时无法验证动态口令", en: "The system can't check one-time codes at the moment" },
      remedy: {
        zh: "可输入一个恢复码登录;请管理员查看 docs/operating.md 中“动态口令密钥”",
        en: "Log in with a recovery code; an administrator finds the way out in docs/operating.md, 'Key of the one-time codes'",
      },
    },
    { cause },
  );

export const tooManyRequests = (retryAfterSeconds: number): HttpProblem =>
  new HttpProblem({
    status: 429,
    name: "too-many-requests",
    text: { zh: "请求过于频繁", en: "Too many requests" },
    remedy: { zh: "请一分钟后重试", en: "Try again in a minute" },
    headers: { "retry-after": String(retryAfterSeconds) },
  });

export const unavailable = (text: Text, cause?: unknown): HttpProblem =>
  new HttpProblem(
    {
      status: 503,
      name: "unavailable",
      text,
      remedy: { zh: "请稍后重试", en: "Try again in a moment" },
      headers: { "retry-after": "5" },
    },
    { cause },
  );
