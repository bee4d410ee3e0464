import { openSqliteBus } from "@hotgrid/bus";
import { cityOf, type DeadLetter, DeadLetterReason } from "@hotgrid/contracts";
import { DEFAULT_LIMITS, decodePublish, readingsEntries } from "@hotgrid/gateway-service";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { DeadLetterStore, type StationDirectory } from "@hotgrid/store";
import { dataFiles, openDataDirectory } from "../data-directory.ts";
import { savedDemoTime } from "../demo-clock-file.ts";
import { type Call, type Command, text, UsageError } from "./command.ts";
import { withData } from "./open-data.ts";
import { table } from "./table.ts";

const PAGE = 500;

export const deadLettersList: Command = {
  name: "dead-letters list",
  summary: { zh: "列出死信及原因", en: "list what could not be used, newest first, with the reason" },
  usage: "[--reason REASON] [--station ID] [--limit 50]",
  options: { reason: { type: "string" }, station: { type: "string" }, limit: { type: "string" } },
  run: (call) =>
    withData(call, async ({ database }) => {
      const store = new DeadLetterStore(database);
      const limit = Math.min(PAGE, Number(text(call, "limit") ?? 50));
      if (!Number.isInteger(limit) || limit < 1) throw new UsageError("--limit is a whole number from 1 to 500");
      const { items } = await store.list({ ...filterOf(call), limit });
      const rows = items.map((letter) => [
        letter.id,
        new Date(letter.at).toISOString(),
        letter.reason,
        letter.source.stationId ?? letter.source.subject,
        `${letter.message.zh} · ${letter.message.en}`,
      ]);
      const counts = await store.countByReason(filterOf(call));
      const footer = Object.entries(counts).map(([reason, count]) => `${reason} ${count}`);
      return {
        json: { counts, items },
        text: `${table(["id", "时间 at", "原因 reason", "来源 source", "说明 message"], rows)}\n\n${footer.join("  ") || "没有死信 · none"}`,
        code: 0,
      };
    }),
};

export const deadLettersReplay: Command = {
  name: "dead-letters replay",
  summary: {
    zh: "修正原因后重新送入（先停止系统）",
    en: "judge dead readings again, after a fix, and put what is good now into the log (stop the system first)",
  },
  usage: "[ID…] [--reason REASON] [--station ID]",
  options: { reason: { type: "string" }, station: { type: "string" } },
  run: async (call) => {
    if (call.positionals.length === 0 && Object.keys(filterOf(call)).length === 0) {
      throw new UsageError("say which: ids, --reason or --station");
    }
    const directory = openDataDirectory(call.dataDir, call.values["real"] === true ? "real" : "demo");
    try {
      return await withData(call, async ({ database, stations }) => {
        const letters = await chosen(new DeadLetterStore(database), call);
        const json = await replay(call, letters, stations);
        return {
          json,
          text: `${json.readings} 个读数已送入，${json.refused} 条仍不可用 · readings appended, letters still unusable`,
          code: json.refused === 0 ? 0 : 1,
        };
      });
    } finally {
      directory.release();
    }
  },
};

function filterOf(call: Call): { reason?: DeadLetterReason; stationId?: string } {
  const [reason, station] = [text(call, "reason"), text(call, "station")];
  const known = reason === undefined ? undefined : DeadLetterReason.safeParse(reason);
  if (known && !known.success)
    throw new UsageError(`--reason ${reason}: one of ${DeadLetterReason.options.join(", ")}`);
  return { ...(known ? { reason: known.data } : {}), ...(station === undefined ? {} : { stationId: station }) };
}

async function chosen(store: DeadLetterStore, call: Call): Promise<DeadLetter[]> {
  if (call.positionals.length > 0) {
    const found = await Promise.all(call.positionals.map((id) => store.get(id)));
    const unknown = call.positionals.filter((_id, i) => !found[i]);
    if (unknown.length > 0) throw new UsageError(`no such dead letter: ${unknown.join(", ")}`);
    return found.filter((letter) => letter !== undefined);
  }
  const all: DeadLetter[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<DeadLetterStore["list"]>> = await store.list({
      ...filterOf(call),
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

/** A reading that is already stored stays once: its key is station and phenomenonTime. */
async function replay(call: Call, letters: readonly DeadLetter[], stations: StationDirectory) {
  const files = dataFiles(call.dataDir);
  const bus = await openSqliteBus({ file: files.log, clock: new SystemClock(), log: createLog("hotgrid") });
  try {
    let [readings, refused] = [0, 0];
    const now = savedDemoTime(files.demoClock) ?? Date.now();
    for (const letter of letters) {
      const station = letter.source.stationId === null ? undefined : stations.find(letter.source.stationId)?.station;
      const decoded =
        station && decodePublish(station.id, Buffer.from(letter.raw, "base64"), { ...DEFAULT_LIMITS, now });
      if (!station || !decoded || decoded.readings.length === 0) refused += 1;
      else {
        const texts = decoded.readings.map((reading) => JSON.stringify(reading));
        await bus.append("readings", readingsEntries([{ city: cityOf(station.division), texts }], new Map()));
        readings += decoded.readings.length;
      }
    }
    return { letters: letters.length, readings, refused };
  } finally {
    await bus.close();
  }
}
