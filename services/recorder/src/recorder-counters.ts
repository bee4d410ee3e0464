import type { DeadLetterReason } from "@hotgrid/contracts";

/** Since the start of this process. */
export interface RecorderCounters {
  stored: number;
  /** Second copies, of the publisher or by redelivery. */
  duplicates: number;
  /** Older than the store keeps raw readings: dead-lettered as "ancient-time". */
  expired: number;
  /** Letters kept, by reason. */
  readonly deadLetters: Partial<Record<DeadLetterReason, number>>;
  stationEvents: number;
}

export const newCounters = (): RecorderCounters => ({
  stored: 0,
  duplicates: 0,
  expired: 0,
  deadLetters: {},
  stationEvents: 0,
});
