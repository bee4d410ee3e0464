import { deadLetterEntry, type LogMessage } from "@hotgrid/bus";
import type { CityCode } from "@hotgrid/contracts";
import type { Rejected } from "@hotgrid/runtime";
import type { DetectorDependencies } from "./ports.ts";

/** Keeps a message of READINGS that can't be decoded as a dead letter. The gateway wrote it, so this is a bug of ours,
 *  for a person to look at; every replay passes it over. */
export async function refuseMessage(
  { bus, clock, log }: Pick<DetectorDependencies, "bus" | "clock" | "log">,
  city: CityCode,
  { seq, subject, data }: LogMessage,
  error: Rejected,
): Promise<void> {
  log.warn({ err: error, seq }, "message of READINGS not decodable");
  const entry = deadLetterEntry({
    id: `detector/readings/${seq}`,
    city,
    at: clock.now(),
    reason: "undecodable",
    message: { zh: error.messageZh, en: error.message },
    field: error.field,
    source: { kind: "READINGS", stationId: null, subject },
    raw: data,
  });
  await bus.append("deadLetters", [entry]);
}
