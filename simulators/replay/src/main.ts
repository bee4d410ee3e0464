import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { unaccounted } from "@hotgrid/fleet-simulator";
import { createLog } from "@hotgrid/runtime";
import { readSeeds } from "@hotgrid/store";
import { type Arguments, REPLAY_HELP, readArguments } from "./arguments.ts";
import { findFiles } from "./find-files.ts";
import { formatOf } from "./formats/format-of.ts";
import { placeStations, readStationsFile } from "./place-stations.ts";
import { printResult } from "./print-result.ts";
import { replay } from "./replay.ts";
import { survey } from "./survey.ts";

try {
  const options = readArguments(process.argv.slice(2));
  if (options === "help") process.stdout.write(REPLAY_HELP);
  else process.exitCode = await run(options);
} catch (error) {
  process.stderr.write(`hotgrid replay: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}

async function run(options: Arguments): Promise<number> {
  const { format, city } = formatOf(options.format, options.utcOffset);
  const period = { from: options.from ?? Number.NEGATIVE_INFINITY, to: options.to ?? Number.POSITIVE_INFINITY };
  const files = (await Promise.all(options.recording.map((path) => findFiles(resolve(path))))).flat();
  const recording = await survey(files, format, period);
  const known = options.stations ? await readStationsFile(options.stations) : new Map();
  const seeds = placeStations(recording, known, await readSeeds(options.seeds), city);
  const dataDir = options.data ?? (await mkdtemp(join(tmpdir(), "hotgrid-replay-")));
  try {
    const began = performance.now();
    const result = await replay({
      ...{ recording, format, period, seeds, speed: options.speed, dataDir: resolve(dataDir) },
      log: createLog("replay"),
      onProgress: options.quiet ? () => undefined : progress(),
    });
    process.stdout.write(printResult(result, recording, performance.now() - began));
    if (options.json) await writeFile(options.json, `${JSON.stringify(result, null, 1)}\n`);
    return unaccounted(result.counts) === 0 ? 0 : 1;
  } finally {
    if (!options.data) await rm(dataDir, { recursive: true });
  }
}

/** Rewrites one line on the terminal, at each full percent. */
function progress(): (done: number) => void {
  let told = -1;
  return (done) => {
    const percent = Math.min(100, Math.floor(done * 100));
    if (percent > told) process.stderr.write(`\r回放 replaying ${percent} %${percent === 100 ? "\n" : ""}`);
    told = Math.max(told, percent);
  };
}
