import { openSqliteBus } from "@hotgrid/bus";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { snapshotFile } from "./adapters/snapshot-file.ts";
import { startDetector } from "./start-detector.ts";
import { grid, rules, stations } from "./testing-city.ts";

/** The detector as a process of its own, to be killed: node testing-child.ts BUS_FILE SNAPSHOT_FILE. Prints its position
 *  whenever it moved, and leaves when it has seen all. */
const [busFile = "", file = ""] = process.argv.slice(2);
const clock = new SystemClock();
const log = createLog("detector-child", "silent");
const bus = await openSqliteBus({ file: busFile, clock, log });
const { lastSeq } = await bus.info("readings");
const detector = await startDetector({
  bus,
  city: "3306",
  grid,
  stations,
  rules,
  snapshots: snapshotFile(file),
  snapshotEveryTicks: 20,
  snapshotPauseMs: 0,
  clock,
  log,
});
let told = -1;
while (told < lastSeq) {
  const position = detector.position();
  if (position !== told) process.stdout.write(`${position}\n`);
  told = position;
  await new Promise((resolve) => setImmediate(resolve));
}
await detector.close();
await bus.close();
