import {
  ACTION_BODIES,
  type Account,
  coversDivision,
  type Ticket,
  type TicketCommand,
  type TicketCommandReply,
} from "@hotgrid/contracts";
import { absorb, type Command, canSee, decide } from "@hotgrid/tickets";
import { earlierReply, keepReply } from "./adapters/command-results.ts";
import { moveEpisodes } from "./adapters/episode-projection.ts";
import { countFalseAlarm } from "./adapters/false-alarms.ts";
import { loadAccount } from "./adapters/people.ts";
import { loadTicket, openTicketAt, placeOfTicket, updateTicket } from "./adapters/ticket-ledger.ts";
import { settleRecovery } from "./dispatch-episode.ts";
import { keepChange } from "./keep-change.ts";
import type { City, Trx } from "./ports.ts";
import { proposeBoundary } from "./propose-boundary.ts";
import { firstReceiver, nextAbove, transferTarget } from "./route-ticket.ts";
import { keepPart, lookUpPart } from "./split-part.ts";

/** Who asks, and from where. */
interface Asker extends Account {
  readonly address: string | null;
}

type Refused = Exclude<TicketCommandReply, { outcome: "done" }>;

/** Does what an account asks for, or says why not. Checks everything anew: the console is not trusted with rights. The
 *  same key with the same command gets the answer of the first time; refusals before the ticket is seen are not kept. */
export async function answerCommand(
  trx: Trx,
  asked: TicketCommand,
  city: City,
  now: number,
): Promise<TicketCommandReply> {
  const earlier = await earlierReply(trx, asked);
  if (earlier === "another") return KEY_REUSED;
  if (earlier !== undefined) return earlier;

  const known = await loadAccount(trx, asked.accountId, now);
  const account = known && { ...known, address: asked.address ?? null };
  const ticket = await loadTicket(trx, asked.ticketId);
  if (account === undefined || ticket === undefined || !canSee(account, ticket)) return NOT_FOUND;
  if (!coversDivision(city.grid.city, ticket.division)) return NOT_FOUND;
  const command = await lookUp(trx, asked, ticket, account, city, now);
  if ("outcome" in command) return command;

  const reply = await carryOut(trx, ticket, command, account, city, now);
  await keepReply(trx, asked, reply, now);
  return reply;
}

/** The command with its body checked, and with what the decision needs of the world. */
async function lookUp(
  trx: Trx,
  { action, body, revision }: TicketCommand,
  ticket: Ticket,
  account: Account,
  city: City,
  now: number,
): Promise<Command | Refused> {
  const parsed = ACTION_BODIES[action].safeParse(body);
  if (!parsed.success) return invalidBody(parsed.error.issues[0]);
  // The schema is the one of the action, which the compiler can't tie to it.
  const command = { action, body: parsed.data, revision } as Command;
  switch (command.action) {
    case "transfer":
      return { ...command, target: await transferTarget(trx, city, ticket, command.body.officerId, now) };
    case "return": {
      const { belongsTo } = command.body;
      if (belongsTo !== undefined && !city.grid.divisions.has(belongsTo)) return unknownDivision(belongsTo);
      return { ...command, target: await nextAbove(trx, city, ticket, now) };
    }
    case "escalate":
      return { ...command, target: await nextAbove(trx, city, ticket, now) };
    case "reopen": {
      const target = await firstReceiver(trx, city, ticket, now);
      return { ...command, target, twin: (await openTicketAt(trx, await placeOfTicket(trx, ticket.id)))?.id };
    }
    case "inspect":
      return command.body.passed ? command : { ...command, target: await firstReceiver(trx, city, ticket, now) };
    case "split":
      return { ...command, ...(await lookUpPart(trx, ticket, command.body.stationIds, city, now)) };
    case "merge": {
      const into = await loadTicket(trx, command.body.into);
      return { ...command, into: into !== undefined && canSee(account, into) ? into : null };
    }
    default:
      return command;
  }
}

async function carryOut(
  trx: Trx,
  ticket: Ticket,
  command: Command,
  account: Asker,
  city: City,
  now: number,
): Promise<TicketCommandReply> {
  const decision = decide(ticket, command, account, city.policy, now);
  if ("refused" in decision) {
    return { outcome: decision.outcome, reason: decision.refused, message: decision.message };
  }
  const kept = await keepChange(trx, ticket, decision, city, now, account.address);
  await countFalseAlarm(trx, decision);
  if (command.action === "return")
    await proposeBoundary(trx, ticket, decision.ticket, command.body, account, city, now);
  if (command.action === "split" && command.part)
    await keepPart(trx, kept, command.part, account, command.body.note, city, now);
  if (command.action === "merge" && command.into) await mergeInto(trx, ticket, command.into, account, city, now);
  return { outcome: "done", ticket: (await loadTicket(trx, kept.id)) ?? kept };
}

/** The other ticket takes over stations and episodes, and with them the question whether the air is clean. */
async function mergeInto(
  trx: Trx,
  merged: Ticket,
  into: Ticket,
  account: Asker,
  city: City,
  now: number,
): Promise<void> {
  const change = absorb(into, merged, account, city.policy, now);
  await updateTicket(trx, into, change, account.address);
  await moveEpisodes(trx, merged.id, into.id);
  await settleRecovery(trx, change.ticket, city, now);
}

const NOT_FOUND: Refused = {
  outcome: "not-found",
  reason: "not-found",
  message: { zh: "没有这张工单", en: "there is no such ticket" },
};

const KEY_REUSED: Refused = {
  outcome: "conflict",
  reason: "idempotency-key-reused",
  message: {
    zh: "该幂等键已用于另一个操作，请换用新的键",
    en: "this idempotency key was used for another command: use a new one",
  },
};

const unknownDivision = (code: string): Refused => ({
  outcome: "invalid",
  reason: "unknown-division",
  message: { zh: `本市没有区划 ${code}`, en: `belongsTo: ${code} is not a division of this city` },
});

function invalidBody(issue: { path: PropertyKey[]; message: string } | undefined): Refused {
  const field = issue?.path.join(".") ?? "";
  const what = `${field || "body"}: ${issue?.message ?? "invalid"}`;
  return { outcome: "invalid", reason: "bad-body", message: { zh: `内容有误：${what}`, en: what } };
}
