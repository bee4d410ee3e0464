import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Seeds } from "@hotgrid/store";
import { smallCity } from "../../harness/small-city.ts";

/** Stations of the city: enough neighbours for detection, few enough connections for one process. */
const STATIONS = 24;
const CENTRE = { lon: 120.58, lat: 30.03 };
/** Name of the only receiver, and of what it hears: every step of every ticket. */
const RECEIVER = "chaos";
const STEPS = [
  ...["opened", "reopened", "assigned", "escalated", "overdue", "supervised", "worse", "recovered", "relapsed"],
  ...["verification", "to-verify", "suspended", "resumed", "closed", "due-soon", "interference"],
];

export interface ChaosCity {
  readonly dir: string;
  readonly seeds: Seeds;
  /** File of the notifier's receivers. */
  readonly receivers: string;
}

/** A small Shaoxing whose notifications hold nothing back: no wait, no quiet hour, no limit that a run reaches. So
 *  every step that has to be told is one message, and the checker needs no opinion about what may be withheld. */
export async function chaosCity(folder: string, receiverUrl: string): Promise<ChaosCity> {
  const { dir, seeds } = await smallCity(folder, STATIONS, CENTRE);
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
  return { dir, seeds, receivers };
}
