import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { hasTopology } from "../harness/topology.ts";
import { type ChaosCluster, startCluster } from "./distributed/chaos-cluster.ts";
import type { Acknowledged } from "./distributed/check-history.ts";
import { keepEvidence } from "./distributed/keep-evidence.ts";
import { FAULT_KINDS, type FaultKind, planFaults } from "./distributed/plan-faults.ts";
import { proveFindsLoss } from "./distributed/prove-finds-loss.ts";
import { isGood, type RunResult, runOnce, summaryOf } from "./distributed/run-once.ts";
import { isIsolated, runIsolated } from "./isolate.ts";

/** `npm run chaos`: randomised runs of faults on the distributed system, and whether anything was lost. */
const HELP = `npm run chaos -- [--runs N] [--seed S] [--stretch N] [--json FILE] [--logs DIR] [--prove]

  --runs N      次数 · how many runs, one after the other (1)
  --seed S      第一次的种子，其后各加一 · seed of the first run, the others count on (1)
  --stretch N   故障时长的倍数 · factor of every outage: 20 makes minutes of seconds (1)
  --json FILE   结果文件 · what happened in each run
  --logs DIR    有差错的一次，各进程的输出存于此 · where the output of every process goes after a run with a fault
  --prove       最后删去一条已存读数，检查必须发现 · removes one stored reading at the end: the comparison must find it

Needs nats-server, influxdb and postgresql; as root on Linux with util-linux, iproute2 and nftables also cuts the network
and fills disks, in namespaces of its own. Exit code 1 where anything was lost, doubled or decided otherwise.
`;

/** What needs a network and disks of its own. */
const APART: ReadonlySet<FaultKind> = new Set(["cut", "lossy", "disk-full"]);
/** When in a run faults begin, ms: while stations publish. */
const WINDOW_MS = 9000;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    stretch: { type: "string", default: "1" },
    json: { type: "string" },
    logs: { type: "string" },
    prove: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [runs, seed, stretch] = [whole("runs", 1000), whole("seed", 1e9), whole("stretch", 1000)];
  if (!hasTopology()) throw new Error("missing: apt-get install nats-server influxdb postgresql");
  if (!isIsolated()) {
    const code = runIsolated();
    if (code !== undefined) return code;
    process.stderr.write("chaos: 无法隔离网络和磁盘，不做断网与磁盘满 · no cuts and no full disks on this machine\n");
  }
  const results: RunResult[] = [];
  let proven = true;
  let cluster: { running: ChaosCluster; index: number } | undefined;
  for (let n = 0; n < runs; n++) {
    cluster ??= { running: await startCluster(runs), index: 0 };
    const result = await runAndTell(cluster.running, { seed: seed + n, index: cluster.index, stretch });
    results.push(result);
    write(results);
    cluster.index += 1;
    const last = n === runs - 1;
    if (last && values.prove) proven = await prove(results, cluster.running, result.readings);
    if (values.logs && !isGood(result)) await keepEvidence(cluster.running, join(values.logs, `${result.seed}`));
    if (!last && isGood(result)) continue;
    // What is wrong stays wrong: the next run begins with a system that has nothing behind it.
    await cluster.running.close();
    cluster = undefined;
  }
  return proven && results.every(isGood) ? 0 : 1;
}

async function runAndTell(
  cluster: ChaosCluster,
  { seed, index, stretch }: Record<"seed" | "index" | "stretch", number>,
) {
  const kinds = new Set(FAULT_KINDS.filter((kind) => isIsolated() || !APART.has(kind)));
  const faults = planFaults({ seed, kinds, stretch, windowMs: WINDOW_MS });
  const result = await runOnce(cluster, { seed, index, faults });
  const sign = isGood(result) ? "✓" : "✗";
  process.stdout.write(`${sign} ${JSON.stringify(summaryOf(result))}\n`);
  return result;
}

function write(results: readonly RunResult[], more: object = {}): void {
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ runs: results.map(summaryOf), ...more }, null, 1)}\n`);
}

/** A comparison that has never found anything proves nothing. */
async function prove(results: readonly RunResult[], cluster: ChaosCluster, readings: readonly Acknowledged[]) {
  const proof = await proveFindsLoss(cluster, readings);
  write(results, { proof });
  process.stdout.write(`proof: ${JSON.stringify(proof)}\n`);
  return proof.found;
}

function whole(name: "runs" | "seed" | "stretch", most: number): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new Error(`--${name} ${values[name]}: give a whole number from 1 to ${most}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`chaos: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
