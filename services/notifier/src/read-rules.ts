import { Rejected } from "@hotgrid/runtime";
import { z } from "zod";
import { NotificationRules } from "./core/notification-rules.ts";
import type { ReceiverFacts } from "./core/plan-items.ts";

/** Checks a city's notification.json, and that every receiver serves audiences that are in it. Throws
 *  Rejected("bad-rules") naming every field at fault. */
export function readRules(rules: unknown, receivers: readonly ReceiverFacts[]): NotificationRules {
  if (rules === null || rules === undefined) {
    throw bad(
      "the seeds have no notification.json: copy that of seeds/shaoxing · 请从 seeds/shaoxing 复制 notification.json",
    );
  }
  const result = NotificationRules.safeParse(rules);
  if (!result.success) throw bad(`notification.json:\n${z.prettifyError(result.error)}`);
  for (const { id, audiences } of receivers) {
    const unknown = audiences.find((name) => result.data.audiences[name] === undefined);
    if (unknown !== undefined)
      throw bad(`receiver ${id} serves the audience ${unknown}, which notification.json has not`);
  }
  return result.data;
}

const bad = (what: string): Rejected =>
  new Rejected("bad-rules", { zh: `通知规则有误：${what}`, en: `the rules of notification are wrong: ${what}` });
