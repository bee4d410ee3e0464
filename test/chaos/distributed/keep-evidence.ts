import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChaosCluster } from "./chaos-cluster.ts";
import { readAgain } from "./shown-messages.ts";

/** After a run with a fault: what every process printed, and the decisions as they were shown when they came, as the log
 *  has them when it is read again, and as they should be. */
export async function keepEvidence(cluster: ChaosCluster, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const member of cluster.topology.members.values())
    writeFileSync(join(folder, `${member.name}.log`), member.output());
  const again = await readAgain(cluster.bus, "episodes", cluster.decided);
  const lists = { shown: cluster.decided, again, undisturbed: cluster.undisturbed.decided };
  for (const [name, messages] of Object.entries(lists)) {
    const lines = messages.map(({ seq, text }) => `${seq} ${text}\n`);
    writeFileSync(join(folder, `episodes-${name}.txt`), lines.join(""));
  }
}
