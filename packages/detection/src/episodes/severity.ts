import type { Severity } from "@hotgrid/contracts";
import type { TickContext } from "../tick/context.ts";
import type { EpisodeRecord } from "./record.ts";

/** By peak excess for pollution; what concerns devices and notices is yellow. */
export function severityOf(context: TickContext, record: EpisodeRecord): Severity {
  if (record.kind !== "local") return "yellow";
  const channels = context.network.channels.find((c) => c.property === record.property);
  const own = channels?.rules[context.network.indexOf.get(record.peakStation) ?? -1];
  if (!own) return "yellow";
  if (record.peakExcess >= own.redExcess) return "red";
  return record.peakExcess >= own.orangeExcess ? "orange" : "yellow";
}
