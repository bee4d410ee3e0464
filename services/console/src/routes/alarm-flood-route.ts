import { AlarmFloodView } from "@hotgrid/contracts";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";

const MINUTE_MS = 60_000;

/** Whether more tickets come than somebody at a desk can take in: those that this account sees count, each once. */
export function alarmFloodRoute(app: ConsoleApp, { clock, iso, limits, tickets }: ConsoleContext): void {
  app.get(
    "/alarm-flood",
    {
      schema: {
        tags: ["tickets"],
        summary: "告警洪泛（ISA-18.2） Whether tickets come faster than an operator can take in",
        response: { 200: AlarmFloodView },
      },
    },
    async (request) => {
      const { tickets: threshold, windowMs } = limits.alarmFlood;
      const since = clock.now() - windowMs;
      const opened = await tickets.countOpened(accountOf(request), since);
      return { flood: opened > threshold, opened, threshold, windowMinutes: windowMs / MINUTE_MS, since: iso(since) };
    },
  );
}
