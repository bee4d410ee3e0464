import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Closing } from "@hotgrid/runtime";
import type { ChaosCluster } from "./chaos-cluster.ts";
import { textsOf } from "./undisturbed-detector.ts";

/** Time in which a log of some hundred messages is read again, ms. */
const READ_MS = 3000;

/** After a run with a fault: what every process printed, and the decisions as they were seen when they came, as the log
 *  has them when it is read again, and as they should be. */
export async function keepEvidence(cluster: ChaosCluster, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const member of cluster.topology.members.values())
    writeFileSync(join(folder, `${member.name}.log`), member.output());
  const closing = new Closing();
  const again = textsOf(cluster.bus, "episodes", closing);
  await pause(READ_MS);
  await closing.run();
  const lists = { seen: cluster.decided, again, undisturbed: cluster.undisturbed.decided };
  for (const [name, texts] of Object.entries(lists))
    writeFileSync(join(folder, `episodes-${name}.jsonl`), texts.map((text) => `${text}\n`).join(""));
}
