import { join } from "node:path";
import { type Bus, type LogMessage, openSqliteBus } from "@hotgrid/bus";
import { snapshotFile, startDetector } from "@hotgrid/detector-service";
import { createGrid } from "@hotgrid/grid";
import { type Closing, createLog, SystemClock } from "@hotgrid/runtime";
import type { Seeds } from "@hotgrid/store";
import { follow, type Shown, shownBy } from "./shown-messages.ts";

/** A detector that reads the same READINGS in peace: in this process, from a log of its own in which every message is
 *  copied in its order. What it decides is what the disturbed ones had to decide. */
export interface UndisturbedDetector {
  /** Position in the disturbed log up to which it has decided. */
  position(): number;
  /** Its EPISODES. */
  readonly decided: readonly Shown[];
}

export async function startUndisturbed(
  source: Bus,
  { folder, seeds, closing }: { folder: string; seeds: Seeds; closing: Closing },
): Promise<UndisturbedDetector> {
  const [clock, log] = [new SystemClock(), createLog("undisturbed", "error")];
  const bus = await openSqliteBus({ file: join(folder, "undisturbed.sqlite"), clock, log });
  closing.add("undisturbed log", () => bus.close());
  const { city, divisions, areas, rules } = seeds;
  const detector = await startDetector({
    ...{ bus, city: city.code, utcOffset: city.utcOffset, rules, clock, log },
    grid: createGrid({ city: city.code, divisions, areas }),
    stations: seeds.stations.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    snapshots: snapshotFile(join(folder, "undisturbed.snapshot")),
  });
  closing.add("undisturbed detector", () => detector.close());
  let copied = 0;
  const copy = async (messages: readonly LogMessage[]) => {
    for (const { seq } of messages) {
      copied += 1;
      if (seq !== copied) throw new Error(`READINGS has ${seq} in the place of ${copied}`);
    }
    await bus.append("readings", messages);
  };
  follow(source, "readings", copy, closing);
  // Both logs count from 1 without a gap.
  return { position: () => detector.position(), decided: shownBy(bus, "episodes", closing) };
}
