import { FalseAlarmsView } from "@hotgrid/contracts";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";

/** How far back the statistics go, ms. Ours: a quarter, as cities are assessed. */
const LOOKED_BACK_MS = 90 * 86_400_000;

/** How good the rules are, by those who went there and found nothing. */
export function falseAlarmRoute(app: ConsoleApp, { clock, iso, tickets }: ConsoleContext): void {
  app.get(
    "/false-alarms",
    {
      config: { roles: ["supervisor", "operator", "administrator"] },
      schema: {
        tags: ["tickets"],
        summary: "近 90 天按规则版本统计的误报 False alarms of the last 90 days, by rule version and reason",
        response: { 200: FalseAlarmsView },
      },
    },
    async (request) => {
      const { division } = accountOf(request);
      const to = clock.now();
      const within = { division, since: to - LOOKED_BACK_MS };
      const [rules, kinds] = [await tickets.countFalseAlarms(within), await tickets.countClosed(within)];
      return { division, from: iso(within.since), to: iso(to), kinds: [...kinds], rules: [...rules] };
    },
  );
}
