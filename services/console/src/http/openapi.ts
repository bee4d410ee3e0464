import swagger from "@fastify/swagger";
import { Problem } from "@hotgrid/contracts";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";

const DESCRIPTION = `错误一律以 application/problem+json(RFC 9457)返回,含中英文说明、字段与处理办法。
无权查看的内容等同不存在(404);能看不能做的返回 403 及原因。修改操作只接受 JSON,工单操作须带 Idempotency-Key。

Every error is application/problem+json (RFC 9457) in Chinese and English, with the field and the remedy. What an
account may not see does not exist for it (404); what it may see but not do is 403 with the reason. Changes are taken as
JSON only, ticket commands with an Idempotency-Key. Times are ISO 8601 with the city's offset; lists are cursor-paged.`;

/** Collects the routes that are registered after it. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "热点网格 Hotgrid", version: "1", description: DESCRIPTION },
      components: {
        securitySchemes: {
          session: { type: "apiKey", in: "cookie", name: "hotgrid-session", description: "POST /api/v1/session" },
          token: { type: "http", scheme: "bearer", description: "hotgrid tokens add" },
        },
      },
      security: [{ session: [] }, { token: [] }],
    },
    transform: (input) => {
      const described = jsonSchemaTransform(input);
      return input.route.config?.public ? { ...described, schema: { ...described.schema, security: [] } } : described;
    },
    transformObject: (document) =>
      "openapiObject" in document ? withProblems(document.openapiObject) : document.swaggerObject,
  });
}

const PROBLEM = {
  description: "问题说明 What is wrong",
  content: { "application/problem+json": { schema: z.toJSONSchema(Problem) } },
};

function withProblems<T extends { paths?: object }>(document: T): T {
  for (const path of Object.values(document.paths ?? {}))
    for (const operation of Object.values(path)) addDefault(operation);
  return document;
}

function addDefault(operation: unknown): void {
  if (typeof operation !== "object" || operation === null || !("responses" in operation)) return;
  Object.assign(operation.responses as object, { default: PROBLEM });
}
