import { type Episode, SEVERITIES } from "@hotgrid/contracts";
import type { TicketPolicy } from "./ticket-policy.ts";

/** Whether a regional notice says all that a local episode has to say: it goes on, every station of the local one is
 *  among its stations, and the local one is no worse than the policy lets a notice cover. */
export function inhibits(regional: Episode, local: Episode, { regionalInhibits }: TicketPolicy): boolean {
  if (regionalInhibits === null || regional.kind !== "regional" || local.kind !== "local") return false;
  if (regional.status !== "firing" || regional.confirmedAt === null) return false;
  if (SEVERITIES.indexOf(local.severity) < SEVERITIES.indexOf(regionalInhibits)) return false;
  return local.stationIds.every((id) => regional.stationIds.includes(id));
}
