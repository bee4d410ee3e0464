import { type Bus, consumeDecoded, decodeJson, encodeJson } from "@hotgrid/bus";
import {
  type CityCode,
  decidingReading,
  EpisodeEvent,
  episodeEventKey,
  episodeSubject,
  type RoutingTree,
  TicketCommand,
  type TicketCommandReply,
  ticketCommandSubject,
} from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import {
  type Clock,
  Closing,
  giveWay,
  type Log,
  Rejected,
  startWorkLoop,
  type Traces,
  Trail,
  Unavailable,
  untilAvailable,
  type WorkLoop,
  wallTime,
} from "@hotgrid/runtime";
import type { Database } from "@hotgrid/store";
import type { Kysely } from "kysely";
import { schedule } from "node-cron";
import { answerCommand } from "./answer-command.ts";
import { dispatchEpisode, NobodyOnDuty } from "./dispatch-episode.ts";
import { forgetOldRows } from "./forget-old-rows.ts";
import type { City } from "./ports.ts";
import { publishOutbox } from "./publish-outbox.ts";
import { readPolicy } from "./read-policy.ts";
import { nextDueAt, runDueClocks } from "./run-due-clocks.ts";

export interface DispatcherDependencies {
  readonly bus: Bus;
  readonly city: CityCode;
  readonly database: Kysely<Database>;
  readonly grid: Grid;
  /** The city's policy.json; checked here. */
  readonly policy: unknown;
  /** Who gets which ticket first. */
  readonly routing: RoutingTree;
  /** Of the city's local time, whose day the tickets' ids show. Default +08:00: all of China keeps it (IANA tz,
   *  Asia/Shanghai). */
  readonly utcOffset?: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Where spans go; nowhere unless given. */
  readonly traces?: Traces | undefined;
}

export interface Dispatcher {
  close(): Promise<void>;
}

/** Redeliveries of an episode that could not be dispatched because nobody is on duty: three quarters of an hour in all, then the dead letters. */
const DELIVERY = {
  durable: "dispatcher",
  startAt: "first",
  batch: 50,
  ackWaitMs: 10_000,
  maxDeliveries: 50,
  backoffMs: [500, 1000, 5000, 15_000, 60_000],
} as const;

/** Episodes of one transaction: the disk is waited for once for all of them, and the process's other services get their
 *  turn after some 20 ms. Ours. */
const TOGETHER = 8;

/** Opens tickets for episodes, does what people ask of tickets, and keeps the tickets' clocks. */
export async function startDispatcher(deps: DispatcherDependencies): Promise<Dispatcher> {
  const { grid, routing, utcOffset = "+08:00" } = deps;
  const city: City = { grid, policy: readPolicy(deps.policy, utcOffset), routing, utcOffset };
  const closing = new Closing();
  const trail = new Trail(deps.log, "dispatcher", deps.traces);
  const loop = startClockwork(deps, city, trail, closing);
  const stop = new AbortController();
  const consuming = consumeEpisodes(deps, city, trail, loop, stop.signal);
  closing.add("episodes", () => {
    stop.abort();
    return consuming;
  });
  closing.add("commands", await answerCommands(deps, city, loop));
  return { close: () => closing.run() };
}

/** Runs what is due when it is due, after every change, and each second whatever happened. */
function startClockwork(deps: DispatcherDependencies, city: City, trail: Trail, closing: Closing): WorkLoop {
  const { database, clock, log } = deps;
  let forgetting = true;
  const work = async () => {
    if (forgetting) await forgetOldRows(database, clock.now());
    forgetting = false;
    return settle(deps, city, trail);
  };
  const loop = startWorkLoop(work, clock, log);
  closing.add("clocks and outbox", () => loop.close());
  const everySecond = schedule("* * * * * *", () => loop.kick(), { suppressMissedWarning: true });
  closing.add("sweep", () => everySecond.destroy());
  const forget = () => {
    forgetting = true;
  };
  const hourly = schedule("0 17 * * * *", forget, { suppressMissedWarning: true });
  closing.add("removal of old rows", () => hourly.destroy());
  return loop;
}

/** Everything that is due, and then the news of it. */
async function settle(
  { bus, city: code, database, clock }: DispatcherDependencies,
  city: City,
  trail: Trail,
): Promise<number | null> {
  const now = clock.now();
  await runDueClocks(database, city, now);
  await publishOutbox({ database, bus, city: code, trail }, now);
  return nextDueAt(database, city);
}

function consumeEpisodes(
  deps: DispatcherDependencies,
  city: City,
  trail: Trail,
  loop: WorkLoop,
  signal: AbortSignal,
): Promise<void> {
  const { bus, database, clock, log } = deps;
  const options = { ...DELIVERY, subject: episodeSubject(deps.city) };
  const keep = (events: readonly EpisodeEvent[]) =>
    database.transaction().execute(async (trx) => {
      for (const event of events) await dispatchEpisode(trx, event, city, clock.now());
    });
  /** A database that is away is waited for with the episodes in hand: however long it takes, that is one delivery of
   *  those that an episode has, and their order stays. */
  const dispatch = async (events: readonly EpisodeEvent[]) => {
    const from = wallTime();
    await untilAvailable(
      () => keep(events),
      signal,
      (err, pause) => log.warn({ err, pause }, "episodes wait for the database"),
    );
    for (const event of events) tellDispatched(trail, event, from);
  };
  /** One that can't be dispatched takes none of the others with it; then all of them come again. */
  const oneByOne = async (events: readonly EpisodeEvent[]) => {
    const failures: unknown[] = [];
    for (const event of events) await dispatch([event]).catch((error: unknown) => failures.push(error));
    const [failure] = failures;
    if (failure instanceof NobodyOnDuty) throw new Unavailable(failure.message, { cause: failure });
    if (failures.length > 0) throw failure;
  };
  const handle = async (batch: readonly { readonly value: EpisodeEvent }[]) => {
    for (let i = 0; i < batch.length; i += TOGETHER) {
      const events = batch.slice(i, i + TOGETHER).map(({ value }) => value);
      await dispatch(events).catch(() => oneByOne(events));
      loop.kick();
      await giveWay();
    }
  };
  return consumeDecoded({ bus, stream: "episodes", options, schema: EpisodeEvent, handle, clock, log }, signal);
}

function tellDispatched(trail: Trail, event: EpisodeEvent, from: number): void {
  const id = episodeEventKey(event);
  const fields = { episode: event.episode.id, revision: event.revision };
  trail.tell({
    ...{ name: "dispatch", id, reading: decidingReading(event.episode), after: ["decide", id], from, fields },
  });
}

/** Stopping waits for the answers that are being made. */
async function answerCommands(deps: DispatcherDependencies, city: City, loop: WorkLoop): Promise<() => Promise<void>> {
  const { bus, database, clock } = deps;
  const answering = new Set<Promise<Uint8Array>>();
  const answer = async (data: Uint8Array): Promise<Uint8Array> => {
    const command = decodeCommand(data);
    if ("outcome" in command) return encodeJson(command);
    const reply = await database.transaction().execute((trx) => answerCommand(trx, command, city, clock.now()));
    if (reply.outcome === "done") loop.kick();
    return encodeJson(reply);
  };
  const stop = await bus.respond(ticketCommandSubject(deps.city), (data) => {
    const running = answer(data).finally(() => answering.delete(running));
    answering.add(running);
    return running;
  });
  return async () => {
    await stop();
    await Promise.allSettled(answering);
  };
}

function decodeCommand(data: Uint8Array): TicketCommand | TicketCommandReply {
  try {
    return decodeJson(TicketCommand, data);
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    return { outcome: "invalid", reason: error.reason, message: { zh: error.messageZh, en: error.message } };
  }
}
