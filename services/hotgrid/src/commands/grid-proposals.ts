import { BoundaryProposalStore } from "@hotgrid/store";
import { commandLine } from "./actor.ts";
import { cityTime } from "./city-time.ts";
import { type Command, text, UsageError } from "./command.ts";
import { withData } from "./open-data.ts";
import { table } from "./table.ts";

export const gridProposals: Command = {
  name: "grid proposals",
  summary: {
    zh: "列出以“不属本辖区”退回的工单所提示的界线问题；更正后用 --settle 结案，不采纳加 --refused",
    en: "boundary fixes proposed by tickets returned as not of the area; --settle closes one that was dealt with, --refused says no",
  },
  usage: "[--settle ID [--refused] [--note TEXT]]",
  options: { settle: { type: "string" }, refused: { type: "boolean" }, note: { type: "string" } },
  run: (call) =>
    withData(call, async ({ seeds, database }) => {
      const store = new BoundaryProposalStore(database);
      const id = text(call, "settle");
      const outcome = call.values["refused"] === true ? "refused" : "accepted";
      const settlement = { outcome, note: text(call, "note") ?? "", actor: commandLine(), at: Date.now() } as const;
      if (id !== undefined && !(await store.settle(id, settlement))) {
        throw new UsageError(`--settle ${id}: no open proposal has this id`);
      }
      const proposals = await store.open();
      const names = new Map(seeds.divisions.map(({ code, name }) => [code, name]));
      const named = (code: string) => `${code} ${names.get(code) ?? ""}`;
      const rows = proposals.map((one) => [
        one.id,
        cityTime(one.at, seeds.city.utcOffset),
        named(one.division),
        one.belongsTo === null ? "" : named(one.belongsTo),
        `${one.lon} ${one.lat}`,
        one.cell,
        one.accountId,
        one.note,
      ]);
      const header = [
        "编号 id",
        "时间 at",
        "派往 routed to",
        "应属 belongs to",
        "位置 lon lat",
        "网格 cell",
        "提出人 by",
        "说明 note",
      ];
      const none = "没有待处理的界线问题 · no open proposal";
      return { json: proposals, text: rows.length === 0 ? none : table(header, rows), code: 0 };
    }),
};
