import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parseStationsCsv } from "@hotgrid/store";
import { issueCredentials } from "../station-credentials.ts";
import { commandLine } from "./actor.ts";
import { type Command, positional, text, UsageError } from "./command.ts";
import { withData } from "./open-data.ts";
import { table } from "./table.ts";

export const stationsList: Command = {
  name: "stations list",
  summary: { zh: "列出站点", en: "list the stations in service" },
  usage: "",
  options: {},
  run: (call) =>
    withData(call, async ({ stations }) => {
      const rows = stations
        .all()
        .map((station) => ({ ...station, secret: stations.find(station.id)?.secretHash !== null }));
      const lines = rows.map((s) => [
        s.id,
        s.name,
        s.kind,
        s.division,
        String(s.lon),
        String(s.lat),
        s.secret ? "✓" : "–",
      ]);
      return {
        json: rows,
        text: table(["id", "name", "kind", "division", "lon", "lat", "密钥 secret"], lines),
        code: 0,
      };
    }),
};

export const stationsImport: Command = {
  name: "stations import",
  summary: {
    zh: "从 CSV 新增或更新站点（列与 seeds 的 stations.csv 相同）",
    en: "add or replace stations from a CSV (columns as in the seeds' stations.csv)",
  },
  usage: "FILE.csv",
  options: {},
  run: async (call) => {
    const file = positional(call, 0, "FILE.csv");
    const found = parseStationsCsv(file, await readFile(file, "utf8"));
    return withData(call, async ({ stations }) => {
      await stations.upsert(found, commandLine());
      return { json: { imported: found.length }, text: `${found.length} 个站点已导入 · stations imported`, code: 0 };
    });
  },
};

export const stationsAdd: Command = {
  name: "stations add",
  summary: { zh: "新增一个站点", en: "add one station" },
  usage: "--id ID --name NAME --kind KIND --lon LON --lat LAT --division CODE --properties 'pm25 pm10' [--interval 60]",
  options: {
    id: { type: "string" },
    name: { type: "string" },
    kind: { type: "string" },
    lon: { type: "string" },
    lat: { type: "string" },
    division: { type: "string" },
    properties: { type: "string" },
    interval: { type: "string" },
  },
  run: async (call) => {
    const columns = ["id", "name", "kind", "lon", "lat", "division", "properties"];
    const missing = columns.filter((name) => text(call, name) === undefined);
    if (missing.length > 0) throw new UsageError(`${missing.map((name) => `--${name}`).join(", ")} missing`);
    const quoted = [...columns.map((name) => text(call, name) ?? ""), text(call, "interval") ?? "60"].map(
      (value) => `"${value.replaceAll('"', '""')}"`,
    );
    const [station] = parseStationsCsv("stations add", `${columns.join(",")},intervalSeconds\n${quoted.join(",")}\n`);
    if (!station) throw new UsageError("the station could not be read");
    return withData(call, async ({ stations }) => {
      if (stations.find(station.id))
        throw new Error(`${station.id} 已存在 · exists already; use stations import to change it`);
      await stations.upsert([station], commandLine());
      return {
        json: station,
        text: `${station.id} 已新增；用 stations credentials 发放密钥 · added; issue its secret next`,
        code: 0,
      };
    });
  },
};

export const stationsCredentials: Command = {
  name: "stations credentials",
  summary: {
    zh: "发放站点密钥（仅此一次写入 CSV，库中只存散列；旧密钥随即失效）",
    en: "issue new secrets, written once as CSV; only hashes are kept, and the old secrets end",
  },
  usage: "--rotate --out FILE [STATION…]",
  options: { rotate: { type: "boolean" }, out: { type: "string" } },
  run: async (call) => {
    const out = text(call, "out");
    if (!out) throw new UsageError("--out FILE is missing");
    if (call.values["rotate"] !== true)
      throw new UsageError("--rotate is missing: it ends the old secrets, so it is asked for by name");
    if (existsSync(out)) throw new UsageError(`${out} exists; secrets never overwrite a file`);
    return withData(call, async ({ stations }) => {
      const unknown = call.positionals.filter((id) => !stations.find(id));
      if (unknown.length > 0) throw new UsageError(`no such station: ${unknown.join(", ")}`);
      const issued = await issueCredentials(
        stations,
        out,
        call.positionals.length > 0 ? new Set(call.positionals) : undefined,
        commandLine(),
      );
      return {
        json: { issued, out },
        text: `${issued} 个密钥已写入 ${out} · secrets written, readable by you only`,
        code: 0,
      };
    });
  },
};
