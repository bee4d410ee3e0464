import { Unavailable } from "@hotgrid/runtime";
import { JetStreamApiError } from "@nats-io/jetstream";
import { errors } from "@nats-io/transport-node";

const PASSING = [
  errors.TimeoutError,
  errors.RequestError,
  errors.NoRespondersError,
  errors.ConnectionError,
  errors.ClosedConnectionError,
  errors.DrainingConnectionError,
];

/** JetStream's number of "no suitable peers for placement": a cluster that has not found its servers yet, or not enough of
 *  them for the copies that are asked for (nats-server, server/errors.json). */
const NO_PEERS = 10005;
/** "Duplicate message id is in process": see write-answers.ts. */
const IN_PROCESS = 10158;
/** A cluster whose servers were killed may answer before it knows its streams again, and nobody but a person removes
 *  them: whoever works on one waits for it. Who makes them asks before, see ensure-streams.ts. */
const NO_STREAM = 10059;
const PASSING_CODES: readonly number[] = [NO_PEERS, IN_PROCESS, NO_STREAM];

/** JetStream's codes are those of HTTP: 503 is no leader, no quorum or no room, 500 the server's disk. Of what the
 *  client throws by itself, the cause says it: "JetStream not enabled" is what it makes of "nobody answers". */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof JetStreamApiError) return error.status >= 500 || PASSING_CODES.includes(error.code);
  return PASSING.some((kind) => error instanceof kind) || isPassing(error.cause);
}

/** What NATS threw, as Unavailable where the same call can succeed later, else as it is. */
export function natsFailure(error: unknown, what: string): unknown {
  if (!isPassing(error) || !(error instanceof Error)) return error;
  return new Unavailable(`${what}: ${error.message}`, { cause: error });
}
