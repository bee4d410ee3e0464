import type { DemoFire } from "@hotgrid/contracts";
import type { Clock, Log } from "@hotgrid/runtime";
import { fireSource } from "./light-fire.ts";
import { publishLive } from "./live.ts";
import { Fleet, type FleetOptions } from "./mqtt/fleet.ts";
import { warmUp } from "./warm-up.ts";
import { isoWithOffset, offsetOf, type World } from "./world.ts";

export interface SimulationOptions extends Pick<FleetOptions, "host" | "port" | "secrets"> {
  readonly world: World;
  readonly clock: Clock;
  readonly log: Log;
  readonly onWarming: (done: number) => void;
}

export interface Simulation {
  /** Event time up to which the history is acknowledged, epoch ms. */
  readonly until: number;
  /** Lights a source now, by the clock. */
  light(fire: DemoFire): void;
  counters(): ReturnType<Fleet["counters"]>;
  /** The fleet's connections: for tests that cut them. */
  readonly fleet: Fleet;
  /** Stops publishing, says goodbye, closes. */
  close(): Promise<void>;
}

/** Wall time between two lines about the load, ms. */
const REPORT_EVERY_MS = 60_000;

/** Connects the world's stations, publishes their history, then goes on live by the clock. Resolves when live. */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const { world, clock, log, host, port, secrets } = options;
  const offsetMs = offsetOf(world.scenario.start);
  const now = () => isoWithOffset(clock.now(), offsetMs);
  const fleet = await Fleet.connect({ host, port, secrets, stationIds: world.stations.map(({ id }) => id), now });
  const stopping = new AbortController();
  let live: Promise<void>;
  try {
    const began = performance.now();
    await warmUp(world, fleet, options.onWarming);
    const cpuMs = process.cpuUsage().user / 1000;
    log.info({ ...fleet.counters(), wallMs: Math.round(performance.now() - began), cpuMs }, "history published");
    live = publishLive(world, fleet, clock, stopping.signal);
  } catch (error) {
    await fleet.end();
    throw error;
  }
  const stopReports = reportLoad(fleet, log);
  return {
    until: world.start,
    fleet,
    light: (fire) => world.light(fireSource(fire, world, clock.now())),
    counters: () => fleet.counters(),
    close: async () => {
      stopReports();
      stopping.abort();
      await live;
      await fleet.end();
    },
  };
}

function reportLoad(fleet: Fleet, log: Log): () => void {
  let before = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    const core = Number(((user + system) / 1000 / REPORT_EVERY_MS).toFixed(3));
    const rssMb = Math.round(process.memoryUsage().rss / 1e6);
    log.info({ ...fleet.counters(), core, rssMb }, "load");
  }, REPORT_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
