import type { Seeds } from "@hotgrid/store";
import { expect } from "vitest";
import { z } from "zod";
import { airReading, type Happening } from "../../bench/loop/bench-air.ts";
import { ApiClient } from "../../harness/api-client.ts";
import { runHotgrid } from "../../harness/run-command.ts";
import type { TraceCollector } from "../../harness/servers/trace-collector.ts";
import { StationClient } from "../../harness/station-client.ts";

const PASSWORD = "a long enough password";
/** Stations about the smoke's centre that see it, of 24. */
const NEAR = 4;
/** Long enough for a fire to be confirmed. */
export const FIRE_MINUTES = 20;

/** What the system of a test is, and where what its processes print is found. */
export interface Running {
  readonly mqtt: number;
  readonly http: number;
  readonly output: () => string;
}

/** Stations that report a fire after the calm that the detector has learned; resolves at the last PUBACK. */
export async function burn({ mqtt }: Running, { stations }: Seeds, secrets: ReadonlyMap<string, string>, from: number) {
  const clients = await Promise.all(stations.map(({ id }) => StationClient.connect(mqtt, id, secrets.get(id) ?? "")));
  const fire: Happening = (station, minute, calm) =>
    station < NEAR ? calm + 200 * (0.8 + 0.2 * Math.sin(minute / 2.3 + station)) : calm;
  for (let minute = from; minute < from + FIRE_MINUTES; minute++) {
    const sent = stations.map((station, i) => clients[i]?.publish([airReading(station, i, minute, fire)]));
    await Promise.all(sent);
  }
  for (const client of clients) await client.close();
}

export async function addChief(
  data: string,
  seedsDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const who = ["--id", "chief", "--role", "administrator", "--division", "330600", "--name", "主任"];
  const words = ["users", "add", ...who, "--data", data, "--seeds", seedsDir];
  expect((await runHotgrid(words, `${PASSWORD}\n`, env)).code).toBe(0);
}

const Line = z.looseObject({ service: z.string(), msg: z.string(), reading: z.string().optional() });

/** Lines of the log that have this id, as an operator finds them: grep. */
function linesOf(output: string, reading: string) {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{") && line.includes(`"reading":"${reading}"`))
    .map((line) => Line.parse(JSON.parse(line)));
}

const Tickets = z.object({ items: z.array(z.object({ id: z.string(), reading: z.string(), episodeId: z.string() })) });
const Detail = z.object({
  ticket: z.object({ reading: z.string() }),
  history: z.array(z.object({ action: z.string(), details: z.record(z.string(), z.string()).optional() })),
});

/** Follows the fire's ticket back to its reading, by API, log and traces. */
export async function expectOneId(
  running: Running,
  seeds: Seeds,
  from: number,
  collector: TraceCollector,
): Promise<void> {
  const api = new ApiClient(running.http);
  await api.login("chief", PASSWORD);
  const local = async () => Tickets.parse(await api.get("/tickets?limit=10")).items;
  await expect.poll(local, { timeout: 60_000 }).toHaveLength(1);
  const [ticket] = await local();
  if (!ticket) throw new Error("there is a ticket");
  const { id, reading, episodeId } = ticket;

  const [stationId = "", time] = reading.split("@");
  const index = seeds.stations.findIndex((station) => station.id === stationId);
  expect(index).toBeLessThan(NEAR);
  const station = seeds.stations[index];
  const sent = Array.from({ length: FIRE_MINUTES }, (_, i) =>
    station ? airReading(station, index, from + i, (_s, _m, calm) => calm).phenomenonTime : 0,
  );
  expect(sent).toContain(Number(time));

  const { history } = Detail.parse(await api.get(`/tickets/${id}`));
  expect(history[0]).toMatchObject({ action: "open", details: { reading, episodeId } });

  const told = () => linesOf(running.output(), reading).map(({ service, msg }) => `${service}: ${msg}`);
  await expect
    .poll(told, { timeout: 60_000 })
    .toEqual(
      expect.arrayContaining([
        "gateway: reading accepted",
        "recorder: reading recorded",
        "detector: episode decided",
        "dispatcher: episode dispatched",
        "dispatcher: ticket changed",
        "notifier: notification attempted",
        "console: shown to browsers",
      ]),
    );
  // Not its first attempt's line, perhaps: a receiver that is slow is told again.
  await expect
    .poll(() => linesOf(running.output(), reading), { timeout: 60_000 })
    .toContainEqual(expect.objectContaining({ service: "notifier", ticket: id, step: "opened", outcome: "sent" }));
  await expectOneTrace(reading, id, collector);
}

/** From the reading's publish each span has its parent in the same trace. */
async function expectOneTrace(reading: string, ticket: string, collector: TraceCollector): Promise<void> {
  const spans = () => collector.spans.filter(({ about }) => about["hotgrid.reading"] === reading);
  const services = () =>
    Object.fromEntries(STEPS.map(([name]) => [name, spans().find((span) => span.name === name)?.service]));
  // Processes send what they have every five seconds.
  await expect.poll(services, { timeout: 60_000 }).toEqual(Object.fromEntries(STEPS));
  expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
  const orphans = () => {
    const ids = new Set(spans().map(({ spanId }) => spanId));
    return spans().filter(({ name, parentSpanId }) => name !== "publish" && !ids.has(parentSpanId ?? ""));
  };
  await expect.poll(orphans, { timeout: 60_000 }).toEqual([]);
  const opened = spans().find((span) => span.name === "ticket" && span.about["hotgrid.action"] === "open");
  const notified = spans().find((span) => span.name === "notify" && span.about["hotgrid.step"] === "opened");
  expect(opened?.about["hotgrid.ticket"]).toBe(ticket);
  expect(notified?.parentSpanId).toBe(opened?.spanId);
}

const STEPS = [
  ["publish", "hotgrid-gateway"],
  ["record", "hotgrid-recorder"],
  ["decide", "hotgrid-detector"],
  ["dispatch", "hotgrid-dispatcher"],
  ["ticket", "hotgrid-dispatcher"],
  ["notify", "hotgrid-notifier"],
  ["show", "hotgrid-console"],
] as const;
