import type { Rate } from "./core/token-bucket.ts";

/** Every bound of the gateway. Numbers without a source are ours: far above what honest stations do, far below what
 *  one machine can bear. */
export interface GatewayLimits {
  /** Connections at once; fewer where the process may not open so many files (core/connection-bound.ts). */
  readonly maxConnections: number;
  /** From TCP accept to a whole CONNECT, ms. */
  readonly handshakeMs: number;
  /** Connections per remote address. Whole fleets come through one address: a carrier's NAT, a bridge, the simulator. */
  readonly connects: Rate;
  /** Refused credentials per remote address that still get an answer; the right secret is never held up. */
  readonly badPasswords: Rate;
  /** Readings per station. Backfill is welcome: a day at one a minute is 1,440, three weeks fit the burst. */
  readonly readings: Rate;
  /** How long a station beyond its rate is held back by a late PUBACK, before its message is dead-lettered, ms. It
   *  must stay below usual keep-alives, because a station that is held back is not read from. */
  readonly longestWaitMs: number;
  /** A reading ahead of the clock by more is refused, ms (interfaces: 5 min). */
  readonly futureMs: number;
  /** A reading older than this is refused, ms. */
  readonly ageMs: number;
  /** Shortest time in which publishes are gathered for one append, ms. */
  readonly gatherMs: number;
  /** Readings gathered for one append before it starts at once. */
  readonly gatherReadings: number;
  /** Bytes that may wait for the log before further publishes are refused. */
  readonly waitingBytes: number;
}

const DAY_MS = 86_400_000;

export const DEFAULT_LIMITS: GatewayLimits = {
  maxConnections: 50_000,
  handshakeMs: 10_000,
  connects: { burst: 2000, perSecond: 50 },
  badPasswords: { burst: 50, perSecond: 1 },
  readings: { burst: 50_000, perSecond: 500 },
  longestWaitMs: 10_000,
  futureMs: 5 * 60_000,
  ageMs: 400 * DAY_MS,
  gatherMs: 4,
  gatherReadings: 10_000,
  waitingBytes: 64 * 1024 * 1024,
};
