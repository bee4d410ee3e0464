import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Station } from "@hotgrid/contracts";
import type { Seeds } from "@hotgrid/store";
import { smallCity } from "../../harness/small-city.ts";

/** Quarters of the city that no smoke reaches from one another, and stations of each: enough neighbours for detection,
 *  few enough connections for one process. */
const QUARTERS = [
  { lon: 120.56, lat: 30.0 },
  { lon: 120.72, lat: 30.1 },
  { lon: 120.46, lat: 30.06 },
  { lon: 120.88, lat: 29.99 },
];
const STATIONS_OF_QUARTER = 6;
/** Name of the only receiver, and of what it hears: every step of every ticket. */
const RECEIVER = "chaos";
const STEPS = [
  ...["opened", "reopened", "assigned", "escalated", "overdue", "supervised", "worse", "recovered", "relapsed"],
  ...["verification", "to-verify", "suspended", "resumed", "closed", "due-soon", "interference"],
];

export interface ChaosCity {
  readonly dir: string;
  readonly seeds: Seeds;
  /** The stations of each quarter. */
  readonly quarters: readonly (readonly Station[])[];
  /** File of the notifier's receivers. */
  readonly receivers: string;
}

/** A small Shaoxing whose notifications hold nothing back: no wait, no quiet hour, no limit that a run reaches. So
 *  every step that has to be told is one message, and the checker needs no opinion about what may be withheld. */
export async function chaosCity(folder: string, receiverUrl: string): Promise<ChaosCity> {
  const { dir, seeds } = await smallCity(folder, STATIONS_OF_QUARTER, ...QUARTERS);
  const file = join(dir, "notification.json");
  const rules: object = JSON.parse(readFileSync(file, "utf8"));
  const severities = ["red", "orange", "yellow"];
  const kinds = ["local", "regional", "device-fault", "offline", "interference"];
  const changes = {
    audiences: { [RECEIVER]: { person: "nobody", steps: STEPS, severities, kinds } },
    ...{ notices: [], quietHours: [], inhibitions: [], groupBy: "ticket", staleAfterHours: 720, pageBudget: null },
    groupWaitSeconds: { red: 0, orange: 0, yellow: 0 },
    limit: { messages: 1000, perMinutes: 1 },
  };
  writeFileSync(file, JSON.stringify({ ...rules, ...changes }));
  const receivers = join(folder, "receivers.json");
  const receiver = { id: RECEIVER, type: "webhook", division: seeds.city.code, audiences: [RECEIVER] };
  writeFileSync(receivers, JSON.stringify({ receivers: [{ ...receiver, url: receiverUrl, allowHttp: true }] }));
  const quarters = QUARTERS.map((_, i) => seeds.stations.slice(i * STATIONS_OF_QUARTER, (i + 1) * STATIONS_OF_QUARTER));
  return { dir, seeds, quarters, receivers };
}
