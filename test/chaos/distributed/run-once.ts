import { setTimeout as pause } from "node:timers/promises";
import { TicketEvent } from "@hotgrid/contracts";
import { Unavailable } from "@hotgrid/runtime";
import { isIdle } from "../../harness/is-idle.ts";
import { carryOut } from "./carry-out.ts";
import type { ChaosCluster } from "./chaos-cluster.ts";
import { type Acknowledged, type Commanded, checkHistory, isClean, type Verdict } from "./check-history.ts";
import { firesOf, RUN_MINUTES } from "./city-air.ts";
import { observeNotifications, observeReadings, observeTables } from "./observe.ts";
import { describeFault, type Fault } from "./plan-faults.ts";
import { readAgain, type Shown } from "./shown-messages.ts";
import type { Crash } from "./supervisor.ts";

/** Pause between two looks whether everything has come to rest, and the longest time until it must have, ms. Ours: the
 *  longest pause of a consumer is a minute. */
const [LOOK_MS, SETTLE_MS] = [250, 180_000];

/** Things that are wrong named in the result file, of each kind. */
const SAMPLES = 5;

export interface RunResult {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly acknowledged: number;
  /** What people did at the console and were told is done. */
  readonly commands: number;
  readonly verdict: Verdict;
  /** Of this run: events in EPISODES, steps in TICKETS, requests that the receiver took. */
  readonly episodeEvents: number;
  readonly ticketSteps: number;
  readonly ticketsOpened: number;
  readonly notifications: number;
  readonly crashes: readonly Crash[];
  /** What had not come to rest in time; empty where all had. */
  readonly unsettled: readonly string[];
  readonly seconds: number;
  /** Of them after the last fault was mended and the last reading acknowledged. */
  readonly settleSeconds: number;
}

/** One run: ninety minutes of event time with two fires, faults meanwhile, and the comparison at the end.
 *  @param index of the run in the cluster's event time, from 0 */
export async function runOnce(
  cluster: ChaosCluster,
  { seed, index, faults }: { seed: number; index: number; faults: readonly Fault[] },
): Promise<RunResult & { readonly readings: readonly Acknowledged[] }> {
  const began = performance.now();
  const before = countsOf(cluster);
  const from = index * RUN_MINUTES;
  const fires = firesOf(seed, cluster.city.quarters, index);
  cluster.people.start(seed);
  const [done] = await Promise.all([
    carryOut(faults, cluster),
    cluster.fleet.publish({ from, to: from + RUN_MINUTES }, fires),
  ]);
  await within(cluster.fleet.settled());
  const unanswered = await cluster.people.stop();
  const calm = performance.now();
  const readings = cluster.fleet.takeAcknowledged();
  const commanded = cluster.people.takeCommanded();
  const { unsettled, settled, verdict } = await judgeAtRest(cluster, readings, commanded);
  const after = countsOf(cluster);
  return {
    ...{ seed, faults: done.map(describeFault), acknowledged: readings.length, readings },
    verdict,
    commands: commanded.filter(({ accepted }) => accepted).length,
    episodeEvents: after.episodes - before.episodes,
    ticketSteps: after.tickets - before.tickets,
    ticketsOpened: after.opened - before.opened,
    notifications: after.received - before.received,
    crashes: cluster.supervisor.takeCrashes(),
    unsettled: [...unanswered, ...unsettled],
    seconds: Math.round((settled - began) / 100) / 10,
    settleSeconds: Math.round((settled - calm) / 100) / 10,
  };
}

/** The comparison asks one thing after the other: where something came meanwhile, as a gateway's mark of a silent minute, it
 *  is made again. */
async function judgeAtRest(cluster: ChaosCluster, ...of: [readonly Acknowledged[], readonly Commanded[]]) {
  for (;;) {
    const unsettled = await settle(cluster);
    const settled = performance.now();
    if (unsettled.length > 0) return { unsettled, settled, verdict: await judge(cluster, ...of) };
    const before = await positionsOf(cluster);
    const verdict = await judge(cluster, ...of);
    if ((await positionsOf(cluster)) === before) return { unsettled, settled, verdict };
  }
}

/** How far the logs are, and who reads along. */
async function positionsOf({ bus, decided, told, undisturbed }: ChaosCluster): Promise<string> {
  const infos = await Promise.all([bus.info("readings"), bus.info("episodes"), bus.info("tickets")]);
  const shown = [decided, told, undisturbed.decided].map((messages) => messages.length);
  return [...infos.map(({ lastSeq }) => lastSeq), ...shown].join(" ");
}

/** Compares what the stations were told with what is there. */
export async function judge(
  cluster: ChaosCluster,
  acknowledged: readonly Acknowledged[],
  commanded: readonly Commanded[] = [],
): Promise<Verdict> {
  return checkHistory({
    ...{ acknowledged, commanded },
    ...(await observeReadings(cluster, acknowledged)),
    decided: textsOf(await readAgain(cluster.bus, "episodes", cluster.decided)),
    undisturbed: textsOf(cluster.undisturbed.decided),
    tables: await observeTables(cluster.database),
    told: textsOf(await readAgain(cluster.bus, "tickets", cluster.told)),
    shown: { episodes: cluster.decided, tickets: cluster.told },
    received: cluster.receiver.received,
    sentWith: await observeNotifications(cluster.database),
  });
}

function countsOf({ decided, told, receiver }: ChaosCluster) {
  const steps = [...distinct(told)];
  const opened = steps.filter((text) => TicketEvent.parse(JSON.parse(text)).entry.action === "open").length;
  return { episodes: distinct(decided).size, tickets: steps.length, opened, received: receiver.received.length };
}

const textsOf = (messages: readonly Shown[]): readonly string[] => messages.map(({ text }) => text);
const distinct = (messages: readonly Shown[]): ReadonlySet<string> => new Set(textsOf(messages));

/** A reading that is never acknowledged is found by the comparison, too: it is not waited for without end. */
async function within(work: Promise<void>): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, pause(SETTLE_MS, undefined, { signal: over.signal }).catch(() => undefined)]);
  over.abort();
}

/** Waits until every log is read to its end and everything that is due is done. Answers what is not. */
async function settle(cluster: ChaosCluster): Promise<readonly string[]> {
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    const open = await unsettledOf(cluster);
    if (open.length === 0 || performance.now() > until) return open;
    await pause(LOOK_MS);
  }
}

/** Whether nothing waits to be told, now or later: with the rules of this city nothing is held back. */
async function isAllTold(database: ChaosCluster["database"]): Promise<boolean> {
  const items = database.selectFrom("notification_items").select("id").where("state", "=", "waiting");
  const messages = database.selectFrom("notification_messages").select("id").where("state", "=", "pending");
  return (await items.executeTakeFirst()) === undefined && (await messages.executeTakeFirst()) === undefined;
}

async function unsettledOf(cluster: ChaosCluster): Promise<readonly string[]> {
  const { bus, database, supervisor, undisturbed, decided, fleet } = cluster;
  try {
    const [readings, tickets] = await Promise.all([bus.info("readings"), bus.info("tickets")]);
    const logs = ["readings", "deadLetters", "stations"] as const;
    const lags = await Promise.all(logs.map((stream) => bus.lag(stream, "recorder")));
    const questions: readonly (readonly [what: string, isSettled: boolean])[] = [
      ["members", supervisor.isWhole],
      ["publishes", fleet.waiting === 0],
      ["recorder", lags.every((lag) => lag === 0)],
      ["undisturbed detector", undisturbed.position() >= readings.lastSeq],
      ["detector", distinct(decided).size >= undisturbed.decided.length],
      ["tickets", (cluster.told.at(-1)?.seq ?? 0) >= tickets.lastSeq],
      ["dispatcher and notifier", await isIdle(database, bus, Date.now())],
      ["notifications", await isAllTold(database)],
    ];
    return questions.flatMap(([what, isSettled]) => (isSettled ? [] : [what]));
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return [error.message];
  }
}

/** Nothing lost, nothing doubled, nothing decided otherwise, and everything at rest. A run whose fires nobody saw, not even
 *  the undisturbed detector, proves nothing of decisions. */
export const isGood = ({ verdict, unsettled, episodeEvents }: RunResult): boolean =>
  isClean(verdict) && unsettled.length === 0 && episodeEvents > 0;

/** A line of the result file: how many of each, and some of them by name where there are any. */
export function summaryOf({ verdict, readings: _, ...run }: RunResult & { readonly readings?: unknown }) {
  const { detectorEqual, ...lists } = verdict;
  const found = Object.entries(lists).filter(([, list]) => list.length > 0);
  return {
    ...run,
    ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.length])),
    detectorEqual,
    found: Object.fromEntries(found.map(([name, list]) => [name, list.slice(0, SAMPLES)])),
  };
}
