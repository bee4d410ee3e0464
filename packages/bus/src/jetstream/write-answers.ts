import { Unavailable } from "@hotgrid/runtime";
import { JetStreamApiCodes, type PubAck } from "@nats-io/jetstream";
import { hasCode } from "./has-code.ts";

/** Whether a write was refused because another one came before it. A cluster of nats-server 2.12 has a number of its own
 *  for that where it does not know what stands there. */
export const isOvertaken = (error: unknown): boolean =>
  hasCode(error, JetStreamApiCodes.StreamWrongLastSequence) ||
  hasCode(error, JetStreamApiCodes.StreamWrongLastSequenceUnknown);

/** A cluster may remember a message's id before the message is stored, and answer whoever sends the id again meanwhile, or
 *  after the storing failed, that it is a duplicate, of number 0 (nats-server's own test of its fix describes it): then
 *  nobody knows whether it is there, and taking it for stored would lose it. Later versions answer with an error
 *  (10158), see nats-failure.ts. */
export function stored({ seq, duplicate }: PubAck): { seq: number; duplicate: boolean } {
  if (duplicate && seq === 0) throw new Unavailable("the log is not sure yet whether it has this message");
  return { seq, duplicate };
}
