import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { benchConnections } from "./connections.ts";
import { benchDetector } from "./detector.ts";
import { benchEndToEnd } from "./end-to-end.ts";
import { benchGrowth } from "./growth.ts";
import { benchIngest } from "./ingest.ts";
import { benchIngestJetStream } from "./ingest-jetstream.ts";
import { benchLocate } from "./locate.ts";
import { benchLog } from "./log.ts";
import { benchLoopLatency } from "./loop-latency.ts";
import { benchQueries } from "./queries.ts";
import { benchSseLatency } from "./sse-latency.ts";
import { benchStart } from "./start.ts";
import { benchStorm } from "./storm.ts";
import { benchSystemStorm } from "./system-storm.ts";

/** `npm run bench -- [NAME] --json FILE`: figures against a peer in the same run where there is one; never asserted. */
const BENCHES = {
  ingest: benchIngest,
  "ingest-jetstream": benchIngestJetStream,
  "end-to-end": benchEndToEnd,
  detector: benchDetector,
  locate: benchLocate,
  log: benchLog,
  storm: async () => [...(await benchStorm()), ...(await benchSystemStorm())],
  "loop-latency": benchLoopLatency,
  "sse-latency": benchSseLatency,
  connections: benchConnections,
  start: benchStart,
  queries: benchQueries,
  growth: benchGrowth,
} as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, help: { type: "boolean" } },
});
const unknown = positionals.filter((name) => !(name in BENCHES));
if (values.help || unknown.length > 0) {
  process.stdout.write(`npm run bench -- [${Object.keys(BENCHES).join("|")}] [--json FILE]\n`);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const results = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stderr.write(`bench: ${name} …\n`);
  for (const result of await bench()) {
    results.push(result);
    const peer = result.peer
      ? `; ${result.peer.name} ${round(result.peer.value)}, ratio ${round(result.ratio ?? 0)}`
      : "";
    const aim = result.aim === undefined ? "" : `; aim ${result.aim}`;
    process.stdout.write(`${result.name}: ${round(result.value)} ${result.unit}${peer}${aim}\n`);
  }
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 1)}\n`);

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
