import { JetStreamApiError } from "@nats-io/jetstream";

/** Whether this is JetStream's error of that number. */
export const hasCode = (error: unknown, code: number): boolean =>
  error instanceof JetStreamApiError && error.code === code;
