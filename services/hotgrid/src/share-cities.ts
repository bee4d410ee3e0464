import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { DistributedBus } from "@hotgrid/bus";
import { cityOf } from "@hotgrid/contracts";
import { type CityShare, divideCities, LEASE_MS, snapshotBlob } from "@hotgrid/detector-service";
import type { Closing, Log } from "@hotgrid/runtime";
import { keepStationsFresh } from "./keep-stations-fresh.ts";
import { cityOfSeeds, detectorOf, type World } from "./wiring.ts";

/** Name of the leases and of the snapshots' store: what all detectors of a system share. */
const LEASES = "detector";
export const SNAPSHOTS = "detector-snapshots";

/** Lets this process take its part of the cities, and no city twice among all processes that do. */
export async function shareCities(
  worlds: readonly World[],
  bus: DistributedBus,
  closing: Closing,
  log: Log,
): Promise<CityShare> {
  const leases = await bus.leases(LEASES, LEASE_MS);
  const blobs = await bus.blobs(SNAPSHOTS);
  const ofCity = new Map(worlds.map((world) => [cityOfSeeds(world.seeds), world]));
  const share = divideCities({
    leases,
    // A process that starts again within a lease's time must not meet its own name.
    instance: `${hostname().replaceAll(/[^\w-]/g, "-")}-${randomUUID().slice(0, 8)}`,
    cities: [...ofCity.keys()].toSorted(),
    start: (city) => {
      const world = ofCity.get(city);
      if (!world) throw new Error(`no city ${city} among those to be shared`);
      return detectorOf(world, snapshotBlob(blobs, city));
    },
    log: log.child({ service: "detector" }),
  });
  closing.add("detectors", () => share.close());
  const [first] = worlds;
  if (first) closing.add("fresh stations", keepFresh(first, share));
  return share;
}

/** A city whose detector starts meanwhile has the list of that moment anyway. */
function keepFresh({ stations, log }: World, share: CityShare): () => void {
  const refresh = async () => {
    for (const [city, detector] of share.detectors()) {
      await detector.refresh(stations.all().filter(({ division }) => cityOf(division) === city));
    }
  };
  return keepStationsFresh(stations, refresh, log);
}
