import { randomBytes } from "node:crypto";
import { EPISODE_KINDS } from "@hotgrid/contracts";
import { type Silence, SilenceStore } from "@hotgrid/store";
import { dataFiles } from "../data-directory.ts";
import { savedDemoTime } from "../demo-clock-file.ts";
import { commandLine } from "./actor.ts";
import { type Call, type Command, positional, text, UsageError } from "./command.ts";
import { type Opened, withData } from "./open-data.ts";
import { table } from "./table.ts";

const HOUR_MS = 3_600_000;

/** A demo's directory has the demo's time, up to the second in which it was last saved. */
const nowIn = (call: Call): number => savedDemoTime(dataFiles(call.dataDir).demoClock) ?? Date.now();

export const silencesList: Command = {
  name: "silences list",
  summary: { zh: "列出生效与将生效的通知静默", en: "list the silences of notifications that hold or will" },
  usage: "",
  options: {},
  run: (call) =>
    withData(call, async ({ database }) => {
      const silences = await new SilenceStore(database).open(nowIn(call));
      const rows = silences.map((one) => [
        ...[one.id, one.division, one.kind ?? "*", one.stationId ?? "*"],
        ...[new Date(one.endsAt).toISOString(), one.author, one.reason],
      ]);
      const head = ["id", "区划 division", "类别 kind", "站点 station", "至 until", "设置人 author", "原因 reason"];
      return { json: silences, text: rows.length === 0 ? "没有静默 · none" : table(head, rows), code: 0 };
    }),
};

export const silencesAdd: Command = {
  name: "silences add",
  summary: {
    zh: "静默一个区划（可限类别、站点）的通知，到期自动恢复",
    en: "mute notifications of a division (of one kind, of one station) for some hours",
  },
  usage: "--division CODE --hours N --author NAME --reason TEXT [--kind KIND] [--station ID]",
  options: {
    division: { type: "string" },
    hours: { type: "string" },
    author: { type: "string" },
    reason: { type: "string" },
    kind: { type: "string" },
    station: { type: "string" },
  },
  run: (call) =>
    withData(call, async (opened) => {
      const now = nowIn(call);
      const silence = silenceOf(call, opened, now);
      await new SilenceStore(opened.database).add(silence, now, commandLine());
      const until = new Date(silence.endsAt).toISOString();
      return { json: silence, text: `静默 ${silence.id} 至 ${until} · silenced until then`, code: 0 };
    }),
};

export const silencesEnd: Command = {
  name: "silences end",
  summary: { zh: "提前结束静默", en: "end a silence now" },
  usage: "ID",
  options: {},
  run: (call) =>
    withData(call, async ({ database }) => {
      const id = positional(call, 0, "ID");
      const ended = await new SilenceStore(database).end(id, nowIn(call), commandLine());
      return {
        json: { id, ended },
        text: ended ? `静默 ${id} 已结束 · ended` : `没有生效中的静默 ${id} · no such silence holds`,
        code: ended ? 0 : 1,
      };
    }),
};

function silenceOf(call: Call, { seeds, stations }: Opened, now: number): Silence {
  const division = text(call, "division") ?? "";
  if (!seeds.divisions.some(({ code }) => code === division)) {
    throw new UsageError(`--division: ${division || "(none)"} is not in this city`);
  }
  const kind = EPISODE_KINDS.find((one) => one === text(call, "kind")) ?? null;
  if (kind === null && text(call, "kind") !== undefined)
    throw new UsageError(`--kind: one of ${EPISODE_KINDS.join(", ")}`);
  const stationId = text(call, "station") ?? null;
  if (stationId !== null && stations.find(stationId) === undefined) {
    throw new UsageError(`--station: ${stationId} is not known`);
  }
  const endsAt = now + Math.round(Number(text(call, "hours") ?? Number.NaN) * HOUR_MS);
  const [author, reason] = [text(call, "author") ?? "", text(call, "reason") ?? ""];
  const id = randomBytes(4).toString("hex");
  return { id, division, kind, stationId, startsAt: now, endsAt, author, reason };
}
