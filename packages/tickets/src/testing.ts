import { type Account, type Episode, type Role, RoutingTree } from "@hotgrid/contracts";
import { openTicket } from "./open-ticket.ts";
import { TicketPolicy } from "./ticket-policy.ts";

/** Values for tests of tickets, here and in the dispatcher. Not for the running system. */
const MINUTE_MS = 60_000;

export const testPolicy = (verification: "sensor" | "supervisor" = "sensor"): TicketPolicy =>
  TicketPolicy.parse({
    version: "test-1",
    note: { zh: "", en: "" },
    limits: {
      red: { respondMinutes: 20, handleHours: 2, feedbackHours: 24 },
      orange: { respondMinutes: 30, handleHours: 4, feedbackHours: 24 },
      yellow: { respondMinutes: 60, handleHours: 8, feedbackHours: 48 },
    },
    kinds: {
      local: { opens: "ticket" },
      regional: { opens: "notice" },
      "device-fault": { opens: "ticket" },
      offline: { opens: "ticket" },
      interference: { opens: "ticket" },
    },
    recovery: { holdMinutes: 30, withinHours: 12 },
    verification:
      verification === "sensor" ? { by: "sensor", closeAfterMinutes: 10 } : { by: "supervisor", withinHours: 24 },
    reopenWithinMinutes: 360,
    repeatHours: 24,
    suspensionMaxDays: 180,
  });

/** Devices to the vendor, interference to the county, all else to the village. */
export const testRouting = RoutingTree.parse({
  version: "test-1",
  routes: [
    { name: "devices", when: { kinds: ["device-fault", "offline"] }, to: { role: "maintenance", otherwise: "county" } },
    { name: "interference", when: { kinds: ["interference"] }, to: { level: "county" } },
  ],
  otherwise: { level: "village" },
});

/** A confirmed PM2.5 episode of village 330602001001 that began at `startedAt`, epoch ms. */
export function testEpisode(id: string, startedAt: number, changes: Partial<Episode> = {}): Episode {
  return {
    id,
    kind: "local",
    status: "firing",
    severity: "orange",
    observedProperties: ["pm25"],
    stationIds: ["S1"],
    cellIds: [],
    division: "330602001001",
    lon: 120.58,
    lat: 30,
    startedAt,
    confirmedAt: startedAt + 10 * MINUTE_MS,
    endedAt: null,
    peak: 120,
    peakExcess: 80,
    background: 40,
    source: null,
    evidence: null,
    ruleVersion: "test",
    reason: "second-station-agrees",
    explanation: { zh: "两站同时升高", en: "two stations rose together" },
    ...changes,
  };
}

/** A ticket just opened, held by officer A of village 330602001001. */
export const testTicket = (now: number, changes: Partial<Episode> = {}, policy = testPolicy()) =>
  openTicket(
    {
      id: "261122-0001",
      episode: testEpisode("E1", now, changes),
      title: { zh: "", en: "" },
      target: { officerId: "A", division: "330602001001", reason: "assignment-village" },
    },
    policy,
    now,
  ).ticket;

export const testAccount = (role: Role, division = "330600", officerId: string | null = null): Account => ({
  id: `${role}-${division}`,
  name: role,
  role,
  division,
  officerId,
});
