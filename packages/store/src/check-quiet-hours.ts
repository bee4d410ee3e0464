import { QuietHours } from "@hotgrid/tickets";
import { z } from "zod";
import type { SeedProblem } from "./seed-problem.ts";

/** As much as is compared here; the rest is for the dispatcher and the notifier to check. */
const Hours = z.looseObject({ quietHours: z.array(QuietHours).default([]) });

/** Where notifications wait for the morning and clocks don't, officers would be judged by a time of which nobody told
 *  them: what policy.json leaves out of notification.json's quiet hours. */
export function checkQuietHours(policy: unknown, notification: unknown): SeedProblem[] {
  const counted = hoursOf(policy);
  const untold = hoursOf(notification).filter((hours) => !counted.includes(hours));
  return untold.map((value) => ({
    ...{ file: "policy.json", line: null, field: "quietHours", value },
    message: "免打扰时段内不通知,时限却在计 notification.json tells nobody in these hours, while the clocks run",
    remedy: "在 policy.json 的 quietHours 中写入同样的时段 Add the same hours to quietHours of policy.json.",
  }));
}

/** "22:00-07:00 yellow", one for each severity. */
const hoursOf = (file: unknown): string[] =>
  (Hours.safeParse(file).data?.quietHours ?? []).flatMap(({ from, to, severities }) =>
    severities.map((severity) => `${from}-${to} ${severity}`),
  );
