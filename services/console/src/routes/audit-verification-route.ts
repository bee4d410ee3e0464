import { AuditVerification } from "@hotgrid/contracts";
import { SystemClock } from "@hotgrid/runtime";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";

/** A verdict is good for so long, ms of the wall. Ours: the whole log is read for it. */
const GOOD_FOR_MS = 60_000;

/** Reads the whole log, at most once a minute however many ask: those who come meanwhile get the same verdict. */
export function auditVerificationRoute(
  app: ConsoleApp,
  { audit, iso, wall = new SystemClock() }: ConsoleContext,
): void {
  let latest: { readonly at: number; readonly verdict: Promise<AuditVerification> } | null = null;
  const verify = async (at: number): Promise<AuditVerification> => {
    const { head, problem } = await audit.verify();
    const found = problem === null ? null : { seq: problem.seq, message: problem.message };
    return { checkedAt: iso(at), ...head, problem: found };
  };
  app.get(
    "/audit/verification",
    {
      config: { roles: ["supervisor", "administrator"] },
      schema: {
        tags: ["operation"],
        summary: "审计日志是否完好 Whether the audit log and the tickets are as they were written",
        response: { 200: AuditVerification },
      },
    },
    async () => {
      const at = wall.now();
      if (latest === null || at - latest.at >= GOOD_FOR_MS) {
        const verdict = verify(at);
        latest = { at, verdict };
        // A database that is away now is no verdict for a minute.
        verdict.catch(() => {
          latest = null;
        });
      }
      return latest.verdict;
    },
  );
}
