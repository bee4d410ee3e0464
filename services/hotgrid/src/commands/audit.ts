import { type AuditHead, AuditStore } from "@hotgrid/store";
import { type Command, text, UsageError } from "./command.ts";
import { withData } from "./open-data.ts";

export const auditVerify: Command = {
  name: "audit verify",
  summary: {
    zh: "逐条核对审计日志与工单，发现任何篡改；抄录输出的校验值，下次用 --head 核对",
    en: "check the audit log and the tickets record by record; keep the printed head elsewhere, give it as --head next time",
  },
  usage: "[--head COUNT:HASH]",
  options: { head: { type: "string" } },
  run: (call) => {
    const anchor = anchorOf(text(call, "head"));
    return withData(call, async ({ database }) => {
      const { head, problem } = await new AuditStore(database).verify(anchor);
      const written = `${head.count}:${head.hash}`;
      return problem
        ? { json: { head: written, problem }, text: `✗ ${problem.message.zh} · ${problem.message.en}`, code: 1 }
        : { json: { head: written, problem }, text: `✓ ${head.count} 条完好 · records whole\n${written}`, code: 0 };
    });
  },
};

function anchorOf(written: string | undefined): AuditHead | null {
  if (written === undefined) return null;
  const [, count, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(written) ?? [];
  if (count === undefined || hash === undefined)
    throw new UsageError("--head is COUNT:HASH, as audit verify prints it");
  return { count: Number(count), hash };
}
