import { Rejected } from "@hotgrid/runtime";
import { offsetMs, TicketPolicy } from "@hotgrid/tickets";
import { z } from "zod";

const MINUTE_MS = 60_000;

/** Checks a city's policy.json.
 *  @param utcOffset of the city's local time, e.g. "+08:00"
 *  Throws Rejected("bad-policy") naming every field at fault, and the remedy. */
export function readPolicy(policy: unknown, utcOffset: string): TicketPolicy {
  if (policy === null || policy === undefined) {
    const zh = "种子目录缺少 policy.json：请从 seeds/shaoxing/policy.json 复制并按本市考核办法修改";
    const en =
      "the seeds have no policy.json: copy that of seeds/shaoxing and change it to what your city is judged by";
    throw new Rejected("bad-policy", { zh, en });
  }
  const result = TicketPolicy.safeParse(policy);
  if (result.success) return { ...result.data, offsetMinutes: offsetMs(utcOffset) / MINUTE_MS };
  const what = z.prettifyError(result.error);
  const text = { zh: `policy.json 内容有误：\n${what}`, en: `policy.json is not a ticket policy:\n${what}` };
  throw new Rejected("bad-policy", text, "", { cause: result.error });
}
