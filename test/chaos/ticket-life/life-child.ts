import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { type Bus, decodeJson, encodeJson, openSqliteBus } from "@hotgrid/bus";
import {
  type EpisodeEvent,
  episodeEventKey,
  episodeSubject,
  TicketCommandReply,
  ticketCommandSubject,
} from "@hotgrid/contracts";
import { startDispatcher } from "@hotgrid/dispatcher-service";
import { startNotifier } from "@hotgrid/notifier-service";
import { createLog, ManualClock } from "@hotgrid/runtime";
import { openDatabase } from "@hotgrid/store";
import { testEpisode, testPolicy, testRouting } from "@hotgrid/tickets/testing";
import { isIdle } from "../../harness/is-idle.ts";
import { cityGrid, START } from "../../harness/ticket-city.ts";
import { killAt } from "./kill-at.ts";
import type { FromChild, ToChild } from "./messages.ts";

/** Dispatcher and notifier as a process of their own, to be killed. Waits for its folder and its kill plan; then does
 *  what it is told, and says so when there is nothing left to do. */
const tell = (message: FromChild): void => {
  process.send?.(message);
};
const listen = (hear: (message: ToChild) => void): void => {
  process.on("message", (message) => hear(message as ToChild));
};

async function open({ folder, plan, now, rules }: Extract<ToChild, { kind: "start" }>) {
  const { arm, commits } = killAt(plan);
  const clock = new ManualClock(now);
  const log = createLog("ticket-life", "silent");
  const database = await openDatabase(join(folder, "hotgrid.db"));
  const bus = await openSqliteBus({ file: join(folder, "log.db"), clock, log });
  arm();
  const common = { bus, city: "3306", database, grid: cityGrid(), clock, log, utcOffset: "+08:00" };
  const policy = { ...testPolicy(), remindAtShares: [0.75], inspection: { share: 1, kinds: ["local"], withinDays: 7 } };
  const send = async (message: {
    readonly id: string;
    readonly news: readonly { readonly id: string; readonly step: string }[];
  }) => {
    const news = message.news.map(({ id, step }) => `${id} ${step}`);
    appendFileSync(join(folder, "outside.jsonl"), `${JSON.stringify({ id: message.id, news })}\n`);
    return "taken";
  };
  const outside = { id: "outside", division: "330600", audiences: ["officers", "supervisors"], limit: null } as const;
  const receivers = [{ ...outside, reaches: "place" as const, knowsTwins: true, send, close: () => undefined }];
  await startDispatcher({ ...common, policy, routing: testRouting });
  await startNotifier({ ...common, rules, receivers, console: null });
  return { bus, clock, commits, database };
}

async function raise(
  bus: Bus,
  { id, revision, changes }: Extract<ToChild, { kind: "episode" }>["episode"],
  at: number,
) {
  const episode = testEpisode(id, START - 10 * 60_000, { confirmedAt: START, ...changes });
  const type = episode.status === "resolved" ? "resolved" : revision === 1 ? "raised" : "updated";
  const event: EpisodeEvent = { type, revision, at, episode };
  await bus.append("episodes", [
    { subject: episodeSubject("3306"), data: encodeJson(event), messageId: episodeEventKey(event) },
  ]);
}

let running: ReturnType<typeof open> | undefined;

async function take(message: ToChild): Promise<void> {
  if (message.kind === "start") running = open(message);
  if (running === undefined) throw new Error("not started");
  const { bus, clock, commits, database } = await running;
  let reply: TicketCommandReply | null = null;
  if (message.kind === "clock") clock.advanceTo(message.now);
  if (message.kind === "episode") await raise(bus, message.episode, clock.now());
  if (message.kind === "command")
    reply = decodeJson(
      TicketCommandReply,
      await bus.request(ticketCommandSubject("3306"), encodeJson(message.command), 20_000),
    );
  while (!(await isIdle(database, bus, clock.now()))) await new Promise((resolve) => setImmediate(resolve));
  tell({ kind: "idle", commits: commits(), reply });
}

let turn: Promise<void> = Promise.resolve();
listen((message) => {
  turn = turn.then(() => take(message));
});
tell({ kind: "warm" });
