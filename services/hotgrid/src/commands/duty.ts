import { COVERED_AHEAD_MS, createDuty, dutySpans, verifyCoverage } from "@hotgrid/grid";
import { PeopleStore, readDutyPlan } from "@hotgrid/store";
import { cityTime, momentOf, when } from "./city-time.ts";
import { type Command, positional, UsageError } from "./command.ts";
import { gridOf } from "./grid.ts";
import { withData } from "./open-data.ts";
import { table } from "./table.ts";

/** Years that may be asked for at once: each change of shift is a line. */
const LONGEST_MS = 366 * 86_400_000;

export const dutyShow: Command = {
  name: "duty show",
  summary: {
    zh: "某区划在一段时间内由谁值班（过去、将来均可；默认今后 7 天）",
    en: "who is on duty for a division through a span of time, past or to come (default: the next 7 days)",
  },
  usage: "DIVISION [--from ISO] [--to ISO]",
  options: { from: { type: "string" }, to: { type: "string" } },
  run: (call) =>
    withData(call, async ({ seeds, database }) => {
      const grid = gridOf(seeds);
      const code = positional(call, 0, "DIVISION");
      if (!grid.divisions.has(code)) throw new UsageError(`DIVISION ${code} is not in this city`);
      const from = momentOf(call, "from");
      const to = momentOf(call, "to", from + 7 * 86_400_000);
      if (to <= from || to - from > LONGEST_MS) throw new UsageError("--to lies after --from, at most 366 days later");
      const { utcOffset } = seeds.city;
      const duty = createDuty(await readDutyPlan(database, utcOffset));
      const names = new Map((await new PeopleStore(database).officers()).map(({ id, name }) => [id, name]));
      const spans = dutySpans(duty, grid.lineage(code), { from, to });
      const vendor = duty.vendor(grid.lineage(code), from);
      const rows = spans.map(({ from: begin, to: end, found }) => [
        `${cityTime(begin, utcOffset)} – ${cityTime(end, utcOffset)}`,
        found.officerId === null ? "✗ 无人 nobody" : `${found.officerId} ${names.get(found.officerId) ?? ""}`,
        found.reason,
      ]);
      const lines = [
        `${grid
          .lineage(code)
          .map(({ name }) => name)
          .join("")} ${code}`,
        table(["时段 span", "值班 on duty", "原因 reason"], rows),
        `设备运维 maintenance vendor: ${vendor === null ? "无 none" : `${vendor.officerId} ${names.get(vendor.officerId) ?? ""}`}`,
      ];
      const empty = spans.some(({ found }) => found.officerId === null);
      return { json: { division: code, from, to, spans, vendor }, text: lines.join("\n"), code: empty ? 1 : 0 };
    }),
};

export const dutyVerify: Command = {
  name: "duty verify",
  summary: {
    zh: "检查今后 30 天的值班：缺口、请假无人替、未公布的年份、无运维单位的区县",
    en: "check the duties of the next 30 days: holes, leave without substitute, unknown years, counties without vendor",
  },
  usage: "[--at ISO]",
  options: { at: { type: "string" } },
  run: (call) =>
    withData(call, async ({ seeds, database, stations }) => {
      const { utcOffset } = seeds.city;
      const from = momentOf(call);
      const span = { from, to: from + COVERED_AHEAD_MS };
      const [grid, plan] = [gridOf(seeds), await readDutyPlan(database, utcOffset)];
      const { holes, warnings } = verifyCoverage(grid, stations.all(), plan, span);
      const duty = createDuty(plan);
      const changes = [...grid.divisions.keys()].reduce(
        (sum, code) => sum + dutySpans(duty, grid.lineage(code), span).length,
        0,
      );
      const withoutVendor = [...grid.divisions.values()].filter(
        ({ code, level }) => level === "county" && duty.vendor(grid.lineage(code), from) === null,
      );
      const lines = [
        `${cityTime(span.from, utcOffset)} – ${cityTime(span.to, utcOffset)}: ${grid.divisions.size} 个区划、${changes} 段值班 · divisions, stretches of duty`,
        ...holes.map((hole) => `✗ ${hole.name} ${when(hole, utcOffset)}: ${hole.remedy.zh} · ${hole.remedy.en}`),
        ...warnings.map(
          (one) => `! ${one.kind} ${"spans" in one ? when(one, utcOffset) : ""}: ${one.remedy.zh} · ${one.remedy.en}`,
        ),
        ...withoutVendor.map(
          ({ name }) => `! ${name}: 无设备运维单位，设备工单派往人员 · no vendor, device tickets go to officers`,
        ),
        holes.length === 0 ? "✓ 时时有人 · somebody at every moment" : `✗ ${holes.length} 处缺口 · holes`,
      ];
      const json = { ...span, holes, warnings, changes, withoutVendor: withoutVendor.map(({ code }) => code) };
      return { json, text: lines.join("\n"), code: holes.length === 0 ? 0 : 1 };
    }),
};
