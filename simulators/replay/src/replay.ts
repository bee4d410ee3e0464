import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { DeadLetterReason, Episode, Ticket } from "@hotgrid/contracts";
import {
  type Counts,
  episodeResult,
  Fleet,
  isoWithOffset,
  offsetOf,
  publishInStep,
  type ResultFile,
  readCredentials,
  type Step,
  ticketResult,
} from "@hotgrid/fleet-simulator";
import { issueCredentials, openDataDirectory, type System, startSystem } from "@hotgrid/hotgrid-service";
import { Closing, type Log, ManualClock } from "@hotgrid/runtime";
import { EpisodeStore, type Seeds, TicketStore } from "@hotgrid/store";
import type { Format } from "./formats/format.ts";
import { merged } from "./merge.ts";
import { stepsOf } from "./steps.ts";
import type { Period, Survey } from "./survey.ts";

export interface ReplayOptions {
  readonly recording: Survey;
  readonly format: Format;
  readonly period: Period;
  /** The city with the recording's stations. */
  readonly seeds: Seeds;
  /** Times the wall's pace, or null for as fast as it goes. */
  readonly speed: number | null;
  readonly dataDir: string;
  readonly log: Log;
  /** 0 to 1. */
  readonly onProgress: (done: number) => void;
}

/** Event time that the clock runs on after the last reading, so that its minute is decided, ms. Ours: two reports of
 *  the network and the allowed lateness. */
const runOn = (intervalSeconds: number) => 2 * intervalSeconds * 1000 + 180_000;
/** Longest step of the clock while it runs on, ms. */
const CLOCK_STEP_MS = 60_000;
/** How far the clock may run ahead of what is decided, ms, and at least a step. Ours. */
const CLOCK_LEAD_MS = 300_000;
/** Wall pause between two looks at how far the services are, ms. */
const LOOK_EVERY_MS = 1;
const PAGE = 500;

/** Publishes a recording over MQTT into an embedded system of its own whose clock follows the recording, and accounts
 *  for every reading. */
export async function replay(options: ReplayOptions): Promise<ResultFile> {
  const { recording, seeds, log } = options;
  const closing = new Closing();
  try {
    const clock = new ManualClock(recording.first - 1);
    const data = openDataDirectory(options.dataDir, "demo");
    closing.add("data directory", () => data.release());
    const system = await startSystem({
      data,
      seeds,
      clock,
      mode: "real",
      host: "127.0.0.1",
      httpPort: null,
      mqttPort: 0,
      webRoot: null,
      tileUrl: null,
      demo: null,
      allowHoles: false,
      log,
    });
    closing.add("system", () => system.close());
    const fleet = await connect(system, seeds, clock, join(options.dataDir, "replay-credentials.csv"));
    closing.add("stations", () => fleet.end());
    await play(options, system, fleet, clock);
    await system.settled();
    return await resultOf(system, fleet, offsetOf(`Z${seeds.city.utcOffset}`));
  } finally {
    await closing.run();
  }
}

async function connect(system: System, seeds: Seeds, clock: ManualClock, credentials: string): Promise<Fleet> {
  const stationIds = seeds.stations.map(({ id }) => id);
  await issueCredentials(system.stations, credentials, new Set(stationIds));
  const secrets = await readCredentials(credentials);
  const offsetMs = offsetOf(`Z${seeds.city.utcOffset}`);
  const now = () => isoWithOffset(clock.now(), offsetMs);
  return Fleet.connect({ host: "127.0.0.1", port: system.mqttPort, stationIds, secrets, now });
}

async function play(options: ReplayOptions, system: System, fleet: Fleet, clock: ManualClock): Promise<void> {
  const { recording, format, period, seeds, speed, onProgress } = options;
  const stationIds = seeds.stations.map(({ id }) => id);
  const began = performance.now();
  const paced = async function* (): AsyncGenerator<Step> {
    for await (const step of stepsOf(merged(recording.files, format, period), stationIds, format.utcOffset)) {
      const ahead = speed === null ? 0 : (step.until - recording.first) / speed - (performance.now() - began);
      if (ahead > 0) await pause(ahead);
      clock.advanceTo(step.until);
      yield step;
    }
  };
  const undecided: { readonly until: number; readonly seq: number }[] = [];
  await publishInStep(fleet.clients, paced(), async ({ until }) => {
    undecided.push({ until, seq: (await system.bus.info("readings")).lastSeq });
    // Tickets open by the clock: it must not run away from those who decide.
    while (undecided[0] && undecided[0].until <= until - CLOCK_LEAD_MS)
      await decided(system, undecided.shift()?.seq ?? 0);
    onProgress((until - recording.first) / (recording.last - recording.first + 1));
  });
  const end = clock.now() + runOn(recording.intervalSeconds);
  while (clock.now() < end) {
    clock.advanceTo(Math.min(end, clock.now() + CLOCK_STEP_MS));
    await decided(system, (await system.bus.info("readings")).lastSeq);
  }
}

/** Resolves when READINGS is judged up to a position and all episodes are dispatched. */
async function decided({ bus, detector }: System, seq: number): Promise<void> {
  while (detector.position() < seq || (await bus.lag("episodes", "dispatcher")) > 0) await pause(LOOK_EVERY_MS);
}

async function resultOf(system: System, fleet: Fleet, offsetMs: number): Promise<ResultFile> {
  const { published, acknowledged } = fleet.counters();
  const recorded = system.recorder.counters();
  const counts: Counts = {
    published,
    acknowledged,
    stored: recorded.stored,
    duplicate: recorded.duplicates,
    late: system.detector.counters().late,
    deadLettered: recorded.deadLetters satisfies Partial<Record<DeadLetterReason, number>>,
  };
  const episodes = await allPages<Episode>((page) => new EpisodeStore(system.database).listEpisodes(page));
  const tickets = await allPages<Ticket>((page) => new TicketStore(system.database).listTickets(page));
  return {
    counts,
    episodes: episodes.map((episode) => episodeResult(episode, offsetMs)).toReversed(),
    tickets: tickets.map((ticket) => ticketResult(ticket, offsetMs)).toReversed(),
    truth: {},
  };
}

interface Page {
  readonly limit: number;
  readonly cursor?: string;
}

async function allPages<T>(
  read: (page: Page) => Promise<{ readonly items: readonly T[]; readonly nextCursor: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let page: Page | null = { limit: PAGE }; page; ) {
    const { items, nextCursor }: { items: readonly T[]; nextCursor: string | null } = await read(page);
    all.push(...items);
    page = nextCursor === null ? null : { limit: PAGE, cursor: nextCursor };
  }
  return all;
}
