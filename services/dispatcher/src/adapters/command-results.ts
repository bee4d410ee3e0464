import { createHash } from "node:crypto";
import type { TicketCommand, TicketCommandReply } from "@hotgrid/contracts";
import type { Trx } from "../ports.ts";

/** What was answered to this account under this key before: its reply, or `another` where the command was not this. */
export async function earlierReply(
  trx: Trx,
  command: TicketCommand,
): Promise<TicketCommandReply | "another" | undefined> {
  const row = await trx
    .selectFrom("command_results")
    .select(["request_hash", "reply"])
    .where("account_id", "=", command.accountId)
    .where("idempotency_key", "=", command.idempotencyKey)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return row.request_hash === requestHash(command) ? JSON.parse(row.reply) : "another";
}

export async function keepReply(
  trx: Trx,
  command: TicketCommand,
  reply: TicketCommandReply,
  at: number,
): Promise<void> {
  const key = { account_id: command.accountId, idempotency_key: command.idempotencyKey };
  const row = { ...key, request_hash: requestHash(command), reply: JSON.stringify(reply), at };
  await trx.insertInto("command_results").values(row).execute();
}

/** Fields in one order, so that the same command sent again in another order is the same. */
function requestHash({ ticketId, action, body, revision }: TicketCommand): string {
  const fields = Object.entries(body).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([ticketId, action, fields, revision]))
    .digest("hex");
}
