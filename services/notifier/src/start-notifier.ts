import { type Bus, consumeDecoded } from "@hotgrid/bus";
import { type CityCode, EpisodeEvent, episodeSubject, TicketEvent, ticketSubject } from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import {
  type Clock,
  Closing,
  type Log,
  startWorkLoop,
  type Traces,
  Trail,
  untilAvailable,
  type WorkLoop,
} from "@hotgrid/runtime";
import type { Database } from "@hotgrid/store";
import type { Kysely } from "kysely";
import { schedule } from "node-cron";
import { forgetOldNotifications } from "./adapters/delivery-ledger.ts";
import { PeopleOf } from "./adapters/people.ts";
import { bundleItems } from "./bundle-items.ts";
import type { Receiver, Trx } from "./ports.ts";
import { readRules } from "./read-rules.ts";
import { sendMessages } from "./send-messages.ts";
import { type Desk, takeEpisodeEvent, takeTicketEvent } from "./take-news.ts";

export interface NotifierDependencies {
  readonly bus: Bus;
  readonly city: CityCode;
  readonly database: Kysely<Database>;
  readonly grid: Grid;
  /** The city's notification.json; checked here. */
  readonly rules: unknown;
  readonly receivers: readonly Receiver[];
  /** Address of the console without a slash at its end; null: messages have no link. */
  readonly console: string | null;
  /** Of the city's local time, e.g. "+08:00". */
  readonly utcOffset: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Where spans go; nowhere unless given. */
  readonly traces?: Traces | undefined;
}

export interface Notifier {
  /** Starts nothing new, and lets what is being sent end. Closes the receivers. */
  close(): Promise<void>;
}

/** As the dispatcher's. Starts with what happens from now on: whoever switches notifications on is not told of last
 *  month. */
export const NOTIFIER_DELIVERY = {
  durable: "notifier",
  startAt: "new",
  batch: 50,
  ackWaitMs: 10_000,
  maxDeliveries: 50,
  backoffMs: [500, 1000, 5000, 15_000, 60_000],
} as const;

const DAY_MS = 86_400_000;

/** Tells people of tickets and notices through the receivers. Without a receiver it still keeps its accounts, and sends
 *  nothing. Throws Rejected where the rules are none, or a receiver names an audience that they don't have. */
export async function startNotifier(deps: NotifierDependencies): Promise<Notifier> {
  const { database, clock, receivers } = deps;
  const rules = readRules(deps.rules, receivers);
  const closing = new Closing();
  for (const receiver of receivers) closing.add(`receiver ${receiver.id}`, () => receiver.close());

  const senders = startSenders(deps, closing);
  const rendering = { language: rules.language, offsetMinutes: offsetMinutes(deps.utcOffset), console: deps.console };
  let forgetAt = 0;
  const bundler = startWorkLoop(
    async () => {
      if (clock.now() >= forgetAt) {
        await forgetOldNotifications(database, clock.now());
        forgetAt = clock.now() + DAY_MS;
      }
      const next = await bundleItems(database, { rules, receivers, rendering }, clock.now());
      for (const sender of senders) sender.kick();
      return next;
    },
    clock,
    deps.log,
  );
  closing.add("bundling", () => bundler.close());
  // What was postponed because the disk was full or locked has no other wake-up.
  const everySecond = schedule("* * * * * *", () => bundler.kick(), { suppressMissedWarning: true });
  closing.add("sweep", () => everySecond.destroy());

  const stop = new AbortController();
  const consuming = consumeLogs(
    deps,
    { rules, receivers, people: new PeopleOf(deps.grid, deps.utcOffset) },
    bundler,
    stop.signal,
  );
  closing.add("logs", () => {
    stop.abort();
    return consuming;
  });
  return { close: () => closing.run() };
}

/** One loop per receiver: whoever hangs keeps nobody else waiting. */
function startSenders(
  { database, receivers, clock, log, traces }: NotifierDependencies,
  closing: Closing,
): readonly WorkLoop[] {
  const sending = { database, clock, log, trail: new Trail(log, "notifier", traces) };
  return receivers.map((receiver) => {
    const stopping = new AbortController();
    const loop = startWorkLoop(() => sendMessages(sending, receiver, stopping.signal), clock, log);
    closing.add(`sender ${receiver.id}`, () => {
      stopping.abort();
      return loop.close();
    });
    return loop;
  });
}

/** Both logs, each message in a transaction with what it asks for. */
function consumeLogs(deps: NotifierDependencies, desk: Desk, bundler: WorkLoop, signal: AbortSignal): Promise<unknown> {
  const { bus, city, database, clock, log } = deps;
  const taking =
    <E>(take: (trx: Trx, event: E, desk: Desk, now: number) => Promise<void>) =>
    async (batch: readonly { readonly value: E }[]): Promise<void> => {
      // A database that is away is waited for with the news in hand: that is one delivery, however long it takes.
      await untilAvailable(
        () =>
          database.transaction().execute(async (trx) => {
            for (const { value } of batch) await take(trx, value, desk, clock.now());
          }),
        signal,
        (err, pause) => log.warn({ err, pause }, "news wait for the database"),
      );
      bundler.kick();
    };
  const tickets = { ...NOTIFIER_DELIVERY, subject: ticketSubject(city) };
  const episodes = { ...NOTIFIER_DELIVERY, subject: episodeSubject(city) };
  const common = { bus, clock, log };
  const [takeTicket, takeEpisode] = [taking(takeTicketEvent), taking(takeEpisodeEvent)];
  return Promise.all([
    consumeDecoded({ ...common, stream: "tickets", options: tickets, schema: TicketEvent, handle: takeTicket }, signal),
    consumeDecoded(
      { ...common, stream: "episodes", options: episodes, schema: EpisodeEvent, handle: takeEpisode },
      signal,
    ),
  ]);
}

const offsetMinutes = (offset: string): number =>
  (offset.startsWith("-") ? -1 : 1) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4)));
