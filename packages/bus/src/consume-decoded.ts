import { DeadLetterReason, STREAMS, type StreamKey } from "@hotgrid/contracts";
import { type Clock, type Log, Rejected, Unavailable } from "@hotgrid/runtime";
import type { z } from "zod";
import { cityOfSubject, deadLetterEntry } from "./dead-letter-entry.ts";
import { decodeJson } from "./json-codec.ts";
import type { Bus, ConsumeOptions, Delivery, Entry } from "./port.ts";

export interface Decoded<T> {
  readonly value: T;
  readonly message: Delivery;
}

export interface DecodedConsumption<T extends z.ZodType> {
  readonly bus: Bus;
  readonly stream: StreamKey;
  readonly options: ConsumeOptions;
  readonly schema: T;
  /** Returns after its own commit. A batch that throws Rejected is handed over again one by one, so that only the
   *  message at fault is refused: so the handler must be idempotent, as at-least-once delivery asks anyway. */
  readonly handle: (batch: readonly Decoded<z.output<T>>[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The one policy for a message that was not processed: Rejected goes to the dead letters with its raw bytes and is
 *  done with; Unavailable is delivered again later; anything else is a bug and stops the caller. */
export function consumeDecoded<T extends z.ZodType>(
  consumption: DecodedConsumption<T>,
  signal: AbortSignal,
): Promise<void> {
  const { bus, stream, options, schema } = consumption;
  const handle = async (batch: readonly Delivery[]) => {
    const decoded: Decoded<z.output<T>>[] = [];
    for (const message of batch) {
      try {
        decoded.push({ value: decodeJson(schema, message.data), message });
      } catch (error) {
        await refuse(consumption, [message], error);
      }
    }
    if (decoded.length > 0) await handleAll(consumption, decoded);
  };
  return bus.consume(stream, options, handle, signal);
}

async function handleAll<T extends z.ZodType>(
  consumption: DecodedConsumption<T>,
  batch: readonly Decoded<z.output<T>>[],
): Promise<void> {
  try {
    await consumption.handle(batch);
    for (const { message } of batch) message.ack();
  } catch (error) {
    if (error instanceof Rejected && batch.length > 1) for (const one of batch) await handleAll(consumption, [one]);
    else
      await refuse(
        consumption,
        batch.map((one) => one.message),
        error,
      );
  }
}

async function refuse<T extends z.ZodType>(
  { bus, stream, clock, log }: DecodedConsumption<T>,
  messages: readonly Delivery[],
  error: unknown,
): Promise<void> {
  for (const message of messages) {
    const { subject, seq } = message;
    try {
      if (!(error instanceof Rejected)) throw error;
      await bus.append("deadLetters", [refusedEntry(stream, message, error, clock.now())]);
      message.term();
    } catch (failure) {
      if (!(failure instanceof Unavailable)) throw failure;
      message.nak(failure.retryAfterMs);
    }
    log.warn({ err: error, subject, seq }, "message not processed");
  }
}

function refusedEntry(stream: StreamKey, { subject, seq, data }: Delivery, error: Rejected, at: number): Entry {
  // A reason outside the contract's list would make the dead letter itself unreadable; its text is kept.
  const reason = DeadLetterReason.safeParse(error.reason).data ?? "undecodable";
  return deadLetterEntry({
    id: `rejected/${stream}/${seq}/${reason}`,
    city: cityOfSubject(subject),
    at,
    reason,
    message: { zh: error.messageZh, en: error.message },
    field: error.field,
    source: { kind: STREAMS[stream].name, stationId: null, subject },
    raw: data,
  });
}
