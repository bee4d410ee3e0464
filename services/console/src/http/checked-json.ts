import type { FastifySchema, FastifySerializerCompiler } from "fastify";
import { ResponseSerializationError } from "fastify-type-provider-zod";
import { z } from "zod";

/** Checks every answer against its schema and writes it. By `parse`, which zod compiles, and not by `encode`, which the
 *  type provider's own takes and which has no compiled path: no answer here has a codec, so that both give the same. */
export const checkedJson: FastifySerializerCompiler<FastifySchema> = ({ schema, method, url }) => {
  if (!(schema instanceof z.ZodType)) throw new TypeError(`the answer of ${method} ${url} has no zod schema`);
  return (data) => {
    const result = schema.safeParse(data);
    if (result.success) return JSON.stringify(result.data);
    throw new ResponseSerializationError(method, url, { cause: result.error as z.ZodError });
  };
};
