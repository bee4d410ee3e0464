import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { type CityService, type CityShare, type DistributedBus, divideCities, LEASE_MS } from "@hotgrid/bus";
import { type CityCode, cityOf } from "@hotgrid/contracts";
import { type DetectorService, snapshotBlob } from "@hotgrid/detector-service";
import type { Recorder } from "@hotgrid/recorder-service";
import type { Closing, Log } from "@hotgrid/runtime";
import type { ReadingStore } from "@hotgrid/store";
import { sql } from "kysely";
import { keepStationsFresh } from "./keep-stations-fresh.ts";
import { cityOfSeeds, detectorOf, type World } from "./wiring.ts";

/** Name of the snapshots' store, which all detectors of a system share. */
export const SNAPSHOTS = "detector-snapshots";

/** Lets this process detect for its part of the cities, and no city twice among all processes that do. */
export async function shareDetection(
  worlds: readonly World[],
  bus: DistributedBus,
  closing: Closing,
  log: Log,
): Promise<CityShare<DetectorService>> {
  const blobs = await bus.blobs(SNAPSHOTS);
  const ofCity = new Map(worlds.map((world) => [cityOfSeeds(world.seeds), world]));
  const cities = [...ofCity.keys()].toSorted();
  const start = (city: CityCode) => {
    const world = ofCity.get(city);
    if (!world) throw new Error(`no city ${city} among those to be shared`);
    return detectorOf(world, snapshotBlob(blobs, city));
  };
  const share = await divide("detector", { cities: async () => cities, start }, bus, log);
  closing.add("detectors", () => share.close());
  const [first] = worlds;
  if (first) closing.add("fresh stations", keepFresh(first, share));
  return share;
}

/** Lets this process record the readings of its part of the cities, each with a store of its own. */
export async function shareRecording(
  recorder: Recorder,
  { database, seeds, log }: World,
  openReadings: () => Promise<ReadingStore>,
  { bus, closing }: { bus: DistributedBus; closing: Closing },
): Promise<void> {
  // Those of every station that there has been: what it sent may still be in the log.
  const cities = async () => {
    const rows = await sql<{ city: CityCode }>`select distinct substr(division, 1, 4) as city from stations`.execute(
      database,
    );
    return [...new Set([cityOfSeeds(seeds), ...rows.rows.map(({ city }) => city)])].toSorted();
  };
  const start = async (city: CityCode) => recorder.recordCity(city, await openReadings());
  const share = await divide("recorder", { cities, start }, bus, log);
  closing.add("cities", () => share.close());
}

/** Lets this process tell people of its city where no other process does; it stands by otherwise. */
export async function shareNotifying(
  { seeds, log }: World,
  start: () => Promise<{ close(): Promise<void> }>,
  { bus, closing }: { bus: DistributedBus; closing: Closing },
): Promise<void> {
  const cities = async () => [cityOfSeeds(seeds)];
  const share = await divide("notifier", { cities, start: async () => untilClosed(await start()) }, bus, log);
  closing.add("notifier", () => share.close());
}

/** A service whose bugs end the process by themselves. */
function untilClosed(service: { close(): Promise<void> }): CityService {
  const end = Promise.withResolvers<void>();
  const close = async () => {
    await service.close();
    end.resolve();
  };
  return { stopped: end.promise, close, abandon: close };
}

async function divide<S extends CityService>(
  purpose: "detector" | "recorder" | "notifier",
  work: { cities: () => Promise<readonly CityCode[]>; start: (city: CityCode) => Promise<S> },
  bus: DistributedBus,
  log: Log,
): Promise<CityShare<S>> {
  return divideCities({
    ...work,
    leases: await bus.leases(purpose, LEASE_MS),
    // A process that starts again within a lease's time must not meet its own name.
    instance: `${hostname().replaceAll(/[^\w-]/g, "-")}-${randomUUID().slice(0, 8)}`,
    log: log.child({ service: purpose }),
  });
}

/** A city whose detector starts meanwhile has the list of that moment anyway. */
function keepFresh({ stations, log }: World, share: CityShare<DetectorService>): () => void {
  const refresh = async () => {
    for (const [city, detector] of share.services()) {
      await detector.refresh(stations.all().filter(({ division }) => cityOf(division) === city));
    }
  };
  return keepStationsFresh(stations, refresh, log);
}
