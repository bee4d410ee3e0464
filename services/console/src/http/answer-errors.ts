import type { Problem } from "@hotgrid/contracts";
import { type Log, Rejected, Unavailable } from "@hotgrid/runtime";
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { locales, type z } from "zod";
import { codesUnreadable, HttpProblem, notFound, unavailable } from "./http-problem.ts";

const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** Every answer that is not a success is a problem document in both languages; what is ours to repair is logged with
 *  its cause and says nothing of the inside to the caller. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = asProblem(error);
    if (problem.status >= 500)
      log[problem.status === 503 && !(error instanceof Rejected) ? "warn" : "error"](
        { err: error, method: request.method, route: request.routeOptions.url },
        "request not answered",
      );
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, notFound()));
}

function sendProblem(reply: FastifyReply, problem: HttpProblem): FastifyReply {
  const body: Problem = problem.body;
  return reply
    .code(problem.status)
    .headers({ ...problem.headers, "cache-control": "no-store" })
    .type(PROBLEM_TYPE)
    .serializer(JSON.stringify)
    .send(body);
}

function asProblem(error: FastifyError): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof Unavailable)
    return unavailable({ zh: "依赖的服务暂不可用", en: "A service that this needs is away" }, error);
  if (error instanceof Rejected && error.reason === "totp-unreadable") return codesUnreadable(error);
  if (hasZodFastifySchemaValidationErrors(error)) return invalidInput(error);
  return fromFastify(error);
}

const inChinese = locales.zhCN().localeError;

/** The first thing that is wrong, with the path of its field. */
function invalidInput({ validation = [], validationContext = "body" }: FastifyError): HttpProblem {
  const first = validation[0];
  const path = first?.instancePath.split("/").filter((part) => part !== "") ?? [];
  const field = [validationContext, ...path].join(".");
  // Zod's issue, put together again: the type provider has split it up.
  const issue = { ...first?.params, code: first?.keyword, path } as z.core.$ZodRawIssue;
  const chinese = inChinese(issue);
  return new HttpProblem({
    status: 422,
    name: "invalid",
    field,
    text: {
      zh: `${field}:${(typeof chinese === "string" ? chinese : chinese?.message) ?? "内容不合要求"}`,
      en: `${field}: ${first?.message ?? "invalid"}`,
    },
    remedy: { zh: "请按接口说明改正该字段", en: "Correct this field as /api/v1/openapi.json describes it" },
  });
}

/** Errors of the server itself: a body that is too large, not JSON, and so on. */
function fromFastify(error: FastifyError): HttpProblem {
  const { statusCode = 500 } = error;
  const refused = statusCode >= 400 && statusCode < 500 ? FASTIFY_ERRORS[400] : INTERNAL;
  return new HttpProblem(FASTIFY_ERRORS[statusCode] ?? refused ?? INTERNAL, { cause: error });
}

type ProblemInput = ConstructorParameters<typeof HttpProblem>[0];

const INTERNAL: ProblemInput = {
  status: 500,
  name: "internal",
  text: { zh: "服务内部出错,已记录", en: "Something went wrong inside; it has been logged" },
};

const FASTIFY_ERRORS: Readonly<Record<number, ProblemInput>> = {
  400: {
    status: 400,
    name: "bad-request",
    text: { zh: "请求无法理解,或不是有效的 JSON", en: "The request can't be understood, or is not valid JSON" },
  },
  // The file server's word for an address that leads out of its folder.
  403: { status: 404, name: "not-found", text: { zh: "没有这项内容", en: "This does not exist" } },
  404: { status: 404, name: "not-found", text: { zh: "没有这项内容", en: "This does not exist" } },
  413: { status: 413, name: "too-large", text: { zh: "请求内容过大", en: "The request is too large" } },
  415: {
    status: 415,
    name: "unsupported-media-type",
    text: { zh: "只接受 JSON", en: "Only JSON is taken" },
    remedy: { zh: "请设置 Content-Type: application/json", en: "Set Content-Type: application/json" },
  },
  429: {
    status: 429,
    name: "too-many-requests",
    text: { zh: "请求过于频繁", en: "Too many requests" },
    remedy: { zh: "请一分钟后重试", en: "Try again in a minute" },
  },
};
