import { readingKey } from "@hotgrid/contracts";
import { askInflux } from "../../harness/servers/influx-server.ts";
import type { ChaosCluster } from "./chaos-cluster.ts";
import type { Acknowledged } from "./check-history.ts";
import { judge } from "./run-once.ts";

/** Removes one acknowledged reading from the time series, and looks whether the comparison names it and no other. */
export async function proveFindsLoss(cluster: ChaosCluster, readings: readonly Acknowledged[]) {
  const victim = readings.find((reading) => reading.in === "store");
  if (!victim) throw new Error("no reading to remove");
  await removeReading(cluster.topology.env["HOTGRID_INFLUX_URL"] ?? "", victim);
  const { missing } = await judge(cluster, readings);
  const removed = readingKey(victim);
  return { removed, missing, found: missing.length === 1 && missing[0] === removed };
}

async function removeReading(influx: string, { stationId, phenomenonTime }: Acknowledged): Promise<void> {
  const q = `DELETE FROM raw WHERE "station" = '${stationId}' AND time = ${phenomenonTime}ms`;
  await askInflux(influx, q, "hotgrid");
}
