import type { Change } from "@hotgrid/tickets";
import type { Trx } from "../ports.ts";
import { episodesOfTicket } from "./episode-projection.ts";

/** Counts every episode of a ticket that is closed as a false alarm against the rules that raised it, and no longer once
 *  the ticket is reopened. */
export async function countFalseAlarm(trx: Trx, { ticket, entry }: Change): Promise<void> {
  if (entry.action === "reopen") await trx.deleteFrom("false_alarms").where("ticket_id", "=", ticket.id).execute();
  if (entry.action !== "false-alarm" || !ticket.falseAlarm) return;
  for (const episode of await episodesOfTicket(trx, ticket.id)) {
    const row = { episode_id: episode.id, ticket_id: ticket.id, rule_version: episode.ruleVersion, kind: episode.kind };
    await trx
      .insertInto("false_alarms")
      .values({ ...row, reason: ticket.falseAlarm, by: entry.by, at: entry.at })
      .onConflict((conflict) => conflict.column("episode_id").doNothing())
      .execute();
  }
}
