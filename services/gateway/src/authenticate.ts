import { type Station, StationId, statusTopic } from "@hotgrid/contracts";
import { verifySecret } from "@hotgrid/store";
import type { RefusalReason } from "./gateway-counters.ts";
import type { StationDirectory } from "./ports.ts";

export interface Credentials {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: Uint8Array | undefined;
  readonly will: { readonly topic: string; readonly payloadBytes: number } | undefined;
}

/** CONNACK return codes, MQTT 3.1.1 table 3.1. */
const IDENTIFIER_REJECTED = 2;
const BAD_USERNAME_OR_PASSWORD = 4;
const NOT_AUTHORIZED = 5;

export type Admission =
  | { readonly station: Station; readonly secretHash: string }
  | { readonly reason: RefusalReason; readonly returnCode: number };

/** Bytes of a will's payload at most. Ours: a status is some tens. */
const WILL_BYTES = 1024;

/** Who connects, or why not: client id = username = station id, with the station's secret. An unknown station and a
 *  wrong secret get the same answer, so that asking does not list the stations. */
export function authenticate(
  stations: StationDirectory,
  { clientId, username, password, will }: Credentials,
): Admission {
  if (username !== clientId || !StationId.safeParse(clientId).success) {
    return { reason: "identifier-mismatch", returnCode: IDENTIFIER_REJECTED };
  }
  const entry = stations.find(clientId);
  if (!entry) return { reason: "unknown-station", returnCode: BAD_USERNAME_OR_PASSWORD };
  if (entry.secretHash === null) return { reason: "no-secret", returnCode: BAD_USERNAME_OR_PASSWORD };
  if (!password || !verifySecret(password, entry.secretHash)) {
    return { reason: "bad-password", returnCode: BAD_USERNAME_OR_PASSWORD };
  }
  if (will && (will.topic !== statusTopic(clientId) || will.payloadBytes > WILL_BYTES)) {
    return { reason: "foreign-will", returnCode: NOT_AUTHORIZED };
  }
  return { station: entry.station, secretHash: entry.secretHash };
}
