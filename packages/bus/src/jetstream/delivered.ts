import type { Msg } from "@nats-io/transport-node";
import type { LogMessage } from "../port.ts";

export interface Delivered extends LogMessage {
  /** 1 for the first delivery. */
  readonly attempt: number;
  /** Counts the deliveries of the consumer: a gap is a message that was lost on its way. */
  readonly delivery: number;
}

/** Tokens of the subject to which a delivery is acknowledged, counted from its end: deliveries, stream sequence,
 *  consumer sequence, timestamp, pending (nats-server's ackReply: $JS.ACK.stream.consumer.… in 2.9). A later form
 *  with domain and account in front has the same end, but for one random token more. */
export function deliveredBy({ subject, data, reply = "" }: Msg): Delivered {
  const tokens = reply.split(".");
  const first = tokens.length === 9 ? 4 : 6;
  const [attempt, seq, delivery] = tokens.slice(first, first + 3).map(Number);
  if (attempt === undefined || seq === undefined || delivery === undefined || !Number.isSafeInteger(seq)) {
    throw new Error(`NATS delivers a message with an acknowledgement subject of another form: ${reply}`);
  }
  return { subject, data, seq, attempt, delivery };
}
