import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Topology } from "../../harness/topology.ts";
import type { NetworkCuts } from "./network-cuts.ts";
import type { NotificationReceiver } from "./notification-receiver.ts";
import { type Fault, type FaultKind, RECORDERS } from "./plan-faults.ts";
import type { SmallDisks } from "./small-disks.ts";
import { type StationFleet, skewOf } from "./station-fleet.ts";
import type { Supervisor } from "./supervisor.ts";

/** Everything that a fault may lay its hands on; null where this machine can't do it. */
export interface Victims {
  readonly topology: Topology;
  readonly supervisor: Supervisor;
  readonly fleet: StationFleet;
  readonly receiver: NotificationReceiver;
  readonly cuts: NetworkCuts | null;
  readonly disks: SmallDisks | null;
}

type Mend = () => unknown;
type Strike = (victims: Victims, target: string) => Mend | Promise<Mend>;

/** Longest wait for a service's metrics, ms. */
const ANSWER_MS = 1000;

/** Packets of a hundred that are dropped on a lossy line. Ours: TCP sends them again after 0.2 s and more, and what was
 *  sent behind them waits. */
const LOSSY_PERCENT = 33;

const killed: Strike = async ({ topology, supervisor }, target) => {
  const names = target === "all of nats" ? ["nats-1", "nats-2", "nats-3"] : [target];
  const mends = names.map((name) => supervisor.hold(name));
  await Promise.all(names.map((name) => topology.member(name).kill()));
  return () => mends.map((mend) => mend());
};

const STRIKES: Readonly<Record<FaultKind, Strike>> = {
  kill: killed,
  lost: killed,
  restart: async ({ topology, supervisor }, target) => {
    const mend = supervisor.hold(target);
    const member = topology.member(target);
    // By SIGTERM PostgreSQL waits for its clients to go, which never do; SIGINT is its restart (pg_ctl's "fast").
    member.signal(target === "postgres" ? "SIGINT" : "SIGTERM");
    await member.ended();
    return mend;
  },
  freeze: ({ topology }, target) => {
    const pids = familyOf(topology.member(target).pid());
    signal(pids, "SIGSTOP");
    return () => signal(pids, "SIGCONT");
  },
  "disk-full": async ({ disks, topology, supervisor }, target) => {
    const makeRoom = need(disks).fill(target);
    return async () => {
      makeRoom();
      if (target === "influx") await restartInfluxTwice(topology, supervisor);
      if (!target.startsWith("nats")) return;
      // nats-server 2.9 does not go on by itself, and would take a torn snapshot for its latest one.
      const mend = supervisor.hold(target);
      await topology.member(target).kill();
      need(disks).removeTornSnapshots(target);
      mend();
    };
  },
  cut: ({ cuts }, target) => need(cuts).cut(target),
  lossy: ({ cuts }, target) => need(cuts).cut(target, LOSSY_PERCENT),
  clock: ({ fleet }, target) => {
    fleet.setClock(skewOf(target));
    return () => fleet.setClock("none");
  },
  burst: ({ fleet }) => {
    fleet.burst(true);
    return () => fleet.burst(false);
  },
  refuse: ({ receiver }) => {
    receiver.refuse(true);
    return () => receiver.refuse(false);
  },
};

/** What docs/operating.md asks for where InfluxDB 1.6 has had a full disk: it does not go on by itself, and what is
 *  written between the two restarts would be lost with the next kill. */
async function restartInfluxTwice(topology: Topology, supervisor: Supervisor): Promise<void> {
  const mends = ["influx", ...RECORDERS].map((name) => supervisor.hold(name));
  await Promise.all(RECORDERS.map((name) => topology.member(name).stop()));
  const influx = topology.member("influx");
  await influx.kill();
  await influx.start();
  await influx.kill();
  for (const mend of mends) mend();
}

/** Carries out the faults of a run at their times. Resolves with what was done when everything is mended. */
export async function carryOut(faults: readonly Fault[], victims: Victims): Promise<readonly Fault[]> {
  return Promise.all(
    faults.map(async (planned) => {
      await pause(planned.atMs);
      const target = await whoIs(planned.target, victims.topology);
      const mend = await STRIKES[planned.kind](victims, target);
      await pause(planned.forMs);
      await mend();
      return { ...planned, target };
    }),
  );
}

/** The detector that has the city now, in the place of "holder". */
async function whoIs(target: string, topology: Topology): Promise<string> {
  const [from = target, to] = target.split(">");
  if (from !== "holder") return target;
  const detectors = ["detector-1", "detector-2"];
  const answers = await Promise.all(detectors.map((name) => metricsOf(topology, name)));
  const holder =
    detectors[
      Math.max(
        0,
        answers.findIndex((text) => text.includes("hotgrid_detector_readings_total{")),
      )
    ];
  return to === undefined ? (holder ?? "detector-1") : `${holder}>${to}`;
}

/** Empty where it does not answer. */
async function metricsOf(topology: Topology, name: string): Promise<string> {
  try {
    const url = `http://127.0.0.1:${topology.member(name).ports["metrics"]}/metrics`;
    return await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })).text();
  } catch {
    return "";
  }
}

/** A process with its children: PostgreSQL is many. */
function familyOf(pid: number | null): readonly number[] {
  if (pid === null) return [];
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return [
      pid,
      ...children
        .split(" ")
        .filter(Boolean)
        .flatMap((child) => familyOf(Number(child))),
    ];
  } catch {
    // It has just ended.
    return [];
  }
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      // It has ended meanwhile: nothing to freeze or to wake.
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}

function need<T>(tool: T | null): T {
  if (tool === null) throw new Error("this machine can't do that: the plan must leave it out");
  return tool;
}
