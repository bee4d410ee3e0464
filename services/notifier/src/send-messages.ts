import { type Clock, type Log, Rejected, type Trail, Unavailable, wallTime } from "@hotgrid/runtime";
import type { Database } from "@hotgrid/store";
import type { Kysely } from "kysely";
import {
  nextPending,
  nextSendAt,
  noteAttempt,
  noteBegun,
  type Outcome,
  type Pending,
} from "./adapters/delivery-ledger.ts";
import { pauseBeforeNext } from "./core/back-off.ts";
import { maybeAgain } from "./core/maybe-again.ts";
import { AddressGone, type Receiver, Unanswered } from "./ports.ts";

export interface Sending {
  readonly database: Kysely<Database>;
  readonly clock: Clock;
  readonly log: Log;
  readonly trail: Trail;
}

/** Sends what is due to one receiver, one message after the other, so that its order is kept and a slow receiver keeps
 *  nobody else waiting. A crash between the receiver's answer and our note of it sends the message a second time, with
 *  the same id, and to who can't tell by the id with a word about it.
 *  @returns when the next message is due, epoch ms, or null */
export async function sendMessages(
  { database: db, clock, log, trail }: Sending,
  receiver: Receiver,
  stopping: AbortSignal,
): Promise<number | null> {
  while (!stopping.aborted) {
    const from = wallTime();
    const pending = await nextPending(db, receiver.id, clock.now());
    if (pending === undefined) break;
    const { gone, ...outcome } = await attempt(db, receiver, pending, clock);
    await noteAttempt(db, pending, outcome);
    report(log, receiver.id, pending, { ...outcome, gone });
    tell(trail, receiver.id, pending, outcome, from);
  }
  return nextSendAt(db, [receiver.id]);
}

interface Attempt extends Outcome {
  /** Nobody is at that address any more. */
  readonly gone: boolean;
}

async function attempt(db: Kysely<Database>, receiver: Receiver, pending: Pending, clock: Clock): Promise<Attempt> {
  const { attempts, unsure } = pending;
  const message = unsure && !receiver.knowsTwins ? maybeAgain(pending.message) : pending.message;
  const sure = { gone: false, unanswered: false };
  if (!receiver.knowsTwins) await noteBegun(db, pending);
  try {
    const detail = await receiver.send(message, db);
    return { at: clock.now(), outcome: "sent", detail, nextAt: null, ...sure };
  } catch (error) {
    const at = clock.now();
    const gone = error instanceof AddressGone;
    if (error instanceof Rejected)
      return { at, outcome: "refused", detail: error.message, nextAt: null, ...sure, gone };
    if (!(error instanceof Unavailable)) throw error;
    const pause = pauseBeforeNext(attempts + 1, error.retryAfterMs);
    const nextAt = pause === null ? null : at + pause;
    return { at, outcome: "later", detail: error.message, nextAt, ...sure, unanswered: error instanceof Unanswered };
  }
}

function report(
  log: Log,
  receiver: string,
  { message, attempts }: Pending,
  { outcome, detail, nextAt, gone }: Attempt,
): void {
  if (outcome === "sent") return;
  const fields = { receiver, message: message.id, attempt: attempts + 1, detail };
  if (gone) log.info(fields, "a device that is gone was forgotten");
  else if (nextAt === null) log.error(fields, "notification failed for good: correct the receiver's configuration");
  else log.warn(fields, "notification postponed");
}

/** A message may tell of several tickets: each has its line. */
function tell(trail: Trail, receiver: string, { message, attempts }: Pending, sent: Outcome, from: number): void {
  const failed = sent.outcome === "sent" ? {} : { failed: sent.detail };
  for (const { id, subject, step } of message.news) {
    const isTicket = subject.state !== null;
    trail.tell({
      ...{ name: "notify", id: `${message.id}/${attempts + 1}/${id}`, reading: subject.reading, from, ...failed },
      ...(isTicket && { after: ["ticket", id] as const }),
      fields: { [isTicket ? "ticket" : "episode"]: subject.id, step, receiver, outcome: sent.outcome },
    });
  }
}
