import { join } from "node:path";
import { type DistributedBus, decodeJson, encodeJson, openJetStreamBus } from "@hotgrid/bus";
import {
  type Episode,
  type EpisodeEvent,
  episodeEventKey,
  episodeSubject,
  type TicketCommand,
  TicketCommandReply,
  TicketEvent,
  ticketCommandSubject,
} from "@hotgrid/contracts";
import { startDispatcher } from "@hotgrid/dispatcher-service";
import { createLog, ManualClock } from "@hotgrid/runtime";
import { type Database, openPostgresDatabase, TicketStore } from "@hotgrid/store";
import { testEpisode, testPolicy, testRouting } from "@hotgrid/tickets/testing";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../harness/embedded.ts";
import { hasNatsServer, startNatsServer } from "../harness/servers/nats-server.ts";
import { hasPostgres, startPostgres } from "../harness/servers/postgres-server.ts";
import { cityGrid, populateCity, START } from "../harness/ticket-city.ts";

const CITY = "3306";
const MINUTE_MS = 60_000;
/** Each place has three episodes of three revisions. */
const [PLACES, EPISODES, REVISIONS] = [10, 30, 3];

const closings: (() => unknown)[] = [];
const clock = new ManualClock(START);
const log = createLog("test", "silent");
let bus: DistributedBus;
let database: Kysely<Database>;

describe.skipIf(!hasNatsServer() || !hasPostgres())("two dispatchers (Debian packages nats-server, postgresql)", () => {
  beforeEach(async () => {
    const folder = temporaryFolder();
    closings.push(folder.remove);
    const [nats, postgres] = await Promise.all([startNatsServer(join(folder.path, "nats")), startPostgres(false)]);
    closings.push(() => Promise.all([nats.process.end("SIGKILL"), postgres.end()]));
    const open = async () => {
      const own = await openPostgresDatabase({ url: postgres.url("postgres") });
      const theirs = await openJetStreamBus({ servers: [nats.address], name: "test", replicas: 1, clock, log });
      closings.push(() => Promise.all([own.destroy(), theirs.close()]));
      return { database: own, bus: theirs };
    };
    ({ bus, database } = await open());
    await populateCity(database);
    for (let i = 0; i < 2; i++) {
      const city = { city: CITY, grid: cityGrid(), policy: testPolicy(), routing: testRouting };
      const dispatcher = await startDispatcher({ ...(await open()), ...city, clock, log });
      closings.push(() => dispatcher.close());
    }
  });
  afterEach(async () => {
    for (const close of closings.splice(0).toReversed()) await close();
  });

  test("open one ticket for each place, answer each command once, and tell each step once and in order", {
    timeout: 300_000,
  }, async () => {
    await bus.append(
      "episodes",
      Array.from({ length: EPISODES * REVISIONS }, (_, i) => {
        const event = eventOf(i % EPISODES, Math.floor(i / EPISODES) + 1);
        return { subject: episodeSubject(CITY), data: encodeJson(event), messageId: episodeEventKey(event) };
      }),
    );
    await expect.poll(() => bus.lag("episodes", "dispatcher"), { timeout: 60_000 }).toBe(0);
    const tickets = (await new TicketStore(database).listTickets({ limit: 100 })).items;
    expect(tickets.map(({ stationIds }) => stationIds.join()).toSorted()).toEqual(
      Array.from({ length: PLACES }, (_, i) => `S${i}`),
    );

    // Each command twice at once, as a phone sends it again.
    const replies = await Promise.all(
      tickets.flatMap(({ id, officerId }) => [respond(id, officerId), respond(id, officerId)]),
    );
    expect(replies.map(({ outcome }) => outcome)).toEqual(replies.map(() => "done"));

    const ends = (await new TicketStore(database).listTickets({ limit: 100 })).items;
    const steps = ends.reduce((sum, { revision }) => sum + revision, 0);
    await expect
      .poll(async () => (await bus.info("tickets")).lastSeq, { timeout: 60_000 })
      .toBeGreaterThanOrEqual(steps);
    const told = Map.groupBy(await toldUntil(steps), ({ ticket }) => ticket.id);
    for (const { id, revision } of ends) {
      const revisions = (told.get(id) ?? []).map(({ entry }) => entry.revision);
      expect(revisions).toEqual(Array.from({ length: revision }, (_, i) => i + 1));
    }
    expect((await bus.info("tickets")).lastSeq).toBe(steps);
  });
});

/** A fault of the device of one of the places. */
function eventOf(n: number, revision: number): EpisodeEvent {
  const about: Partial<Episode> = { kind: "device-fault", stationIds: [`S${n % PLACES}`], severity: "yellow" };
  const news = { confirmedAt: START, peak: 100 + revision };
  const episode = testEpisode(`E${n}`, START - 10 * MINUTE_MS, { ...about, ...news });
  return { type: revision === 1 ? "raised" : "updated", revision, at: START, episode };
}

async function respond(ticketId: string, accountId: string): Promise<TicketCommandReply> {
  const command: TicketCommand = {
    ticketId,
    action: "respond",
    body: {},
    accountId,
    idempotencyKey: `respond-${ticketId}`,
  };
  return decodeJson(TicketCommandReply, await bus.request(ticketCommandSubject(CITY), encodeJson(command), 20_000));
}

/** The TICKETS log up to a position. */
async function toldUntil(lastSeq: number): Promise<readonly TicketEvent[]> {
  const stop = new AbortController();
  const events: TicketEvent[] = [];
  for await (const batch of bus.read("tickets", { from: 1, batch: 500 }, stop.signal)) {
    events.push(...batch.map(({ data }) => decodeJson(TicketEvent, data)));
    if ((batch.at(-1)?.seq ?? 0) >= lastSeq) break;
  }
  stop.abort();
  return events;
}
