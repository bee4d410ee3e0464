import { checkDraws, TicketStore } from "@hotgrid/store";
import { auditClocks, type ClockFinding } from "@hotgrid/tickets";
import { dataFiles } from "../data-directory.ts";
import { savedDemoTime } from "../demo-clock-file.ts";
import { type Command, text, UsageError } from "./command.ts";
import { withData } from "./open-data.ts";
import { table } from "./table.ts";

const PAGE = 200;
const SECOND_MS = 1000;

export const ticketsAuditClocks: Command = {
  name: "tickets audit-clocks",
  summary: {
    zh: "核查每张工单的时限：到期的步骤是否都已执行、且只在到期后执行",
    en: "prove that every due step of every ticket's clocks ran, and none before its time",
  },
  usage: "[--grace SECONDS, default 60]",
  options: { grace: { type: "string" } },
  run: (call) => {
    const grace = Number(text(call, "grace") ?? 60);
    if (!Number.isInteger(grace) || grace < 0) throw new UsageError("--grace is a whole number of seconds");
    return withData(call, async ({ database }) => {
      const now = savedDemoTime(dataFiles(call.dataDir).demoClock) ?? Date.now();
      const { tickets, clocks, findings } = await auditAll(new TicketStore(database), now, grace * SECOND_MS);
      const head = `工单 ${tickets} 张，时限 ${clocks} 项，截至 ${new Date(now).toISOString()} · tickets, clocks, as of`;
      const rows = findings.map(({ ticketId, fault, clock }) => [
        ...[ticketId, fault, clock?.kind ?? "–", clock === null ? "–" : new Date(clock.dueAt).toISOString()],
      ]);
      const body = table(["工单 ticket", "问题 fault", "时限 clock", "到期 due"], rows);
      return {
        json: { at: new Date(now).toISOString(), tickets, clocks, findings },
        text: findings.length === 0 ? `${head}\n到期步骤全部已执行 · every due step ran` : `${head}\n\n${body}`,
        code: findings.length === 0 ? 0 : 1,
      };
    });
  },
};

export const ticketsFalseAlarms: Command = {
  name: "tickets false-alarms",
  summary: {
    zh: "按规则版本统计误报及原因",
    en: "how many episodes of each rule version were declared false alarms, and why",
  },
  usage: "",
  options: {},
  run: (call) =>
    withData(call, async ({ database }) => {
      const counts = await new TicketStore(database).countFalseAlarms();
      const rows = counts.map(({ ruleVersion, kind, reason, count }) => [ruleVersion, kind, reason, String(count)]);
      const text = table(["规则版本 rules", "类型 kind", "原因 reason", "次数 count"], rows);
      return { json: { counts }, text: counts.length === 0 ? "没有误报 · none" : text, code: 0 };
    }),
};

export const ticketsVerifyDraws: Command = {
  name: "tickets verify-draws",
  summary: {
    zh: "重做各月的第三方核查抽样，核对名单",
    en: "do every month's draw for third-party inspection again, and compare it with the inspectors' list",
  },
  usage: "",
  options: {},
  run: (call) =>
    withData(call, async ({ database, seeds }) => {
      const draws = await checkDraws(database, seeds.city.utcOffset);
      const rows = draws.map(({ period, share, closings, drawn, differing }) => [
        ...[period, String(share), String(closings), String(drawn), differing.join(" ") || "✓"],
      ]);
      const head = ["月份 month", "比例 share", "办结 closed", "抽中 drawn", "不符 differing"];
      const text = draws.length === 0 ? "尚无抽样 · no draw yet" : table(head, rows);
      return { json: { draws }, text, code: draws.every(({ differing }) => differing.length === 0) ? 0 : 1 };
    }),
};

async function auditAll(store: TicketStore, now: number, graceMs: number) {
  let [tickets, clocks] = [0, 0];
  const findings: ClockFinding[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.listTickets({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const ticket of page.items) {
      const record = { ticket, history: await store.historyOf(ticket.id), rows: await store.clocksOf(ticket.id) };
      findings.push(...auditClocks(record, now, graceMs));
      tickets += 1;
      clocks += ticket.obligations.length;
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return { tickets, clocks, findings };
}
