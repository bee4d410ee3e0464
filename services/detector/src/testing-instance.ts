import { divideCities, LEASE_MS, openJetStreamBus } from "@hotgrid/bus";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { snapshotBlob } from "./adapters/snapshot-blob.ts";
import { startDetector } from "./start-detector.ts";
import { rules, testCity } from "./testing-city.ts";

/** An instance that shares the test's cities with others: node testing-instance.ts NATS_ADDRESS,… NAME CITY,CITY. Prints
 *  a city and the position of its detector whenever that moved, and ends by SIGTERM. */
const [addresses = "", name = "", codes = ""] = process.argv.slice(2);
const servers = addresses.split(",");
const clock = new SystemClock();
const log = createLog(name);
const bus = await openJetStreamBus({ servers, name, replicas: servers.length === 3 ? 3 : 1, clock, log });
const leases = await bus.leases("detector", LEASE_MS);
const blobs = await bus.blobs("detector-snapshots");
const share = divideCities({
  leases,
  instance: name,
  cities: async () => codes.split(","),
  start: (code) => {
    const { grid, stations } = testCity(code);
    const snapshots = snapshotBlob(blobs, code);
    const often = { snapshotEveryTicks: 20, snapshotPauseMs: 0 };
    return startDetector({ bus, city: code, grid, stations, rules, snapshots, ...often, clock, log });
  },
  log,
});
const told = new Map<string, number>();
const telling = setInterval(() => {
  for (const [city, detector] of share.services()) {
    const position = detector.position();
    if (told.get(city) !== position) process.stdout.write(`${city} ${position}\n`);
    told.set(city, position);
  }
}, 5);
process.once("SIGTERM", () => {
  clearInterval(telling);
  // What fails to close is thrown and says so.
  void share.close().then(() => bus.close());
});
