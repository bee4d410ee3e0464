import { SimulatorMessage, type SimulatorReport } from "@hotgrid/contracts";
import { createLog, DemoClock } from "@hotgrid/runtime";
import { readSeeds } from "@hotgrid/store";
import { type Arguments, FLEET_HELP, readArguments } from "./arguments.ts";
import { readCredentials } from "./credentials.ts";
import { readScenario } from "./scenario.ts";
import { type Simulation, startSimulation } from "./simulate.ts";
import { stationsOf } from "./stations-of.ts";
import { createWorld } from "./world.ts";

/** How long the stations may take to say goodbye, ms. Ours. */
const GOODBYE_WITHIN_MS = 3000;
/** Times that the progress of the history is reported. */
const PROGRESS_STEPS = 50;

const log = createLog("fleet-simulator");
const words = readArguments(process.argv.slice(2));
if (words === "help") process.stdout.write(FLEET_HELP);
else await run(words);

async function run(options: Arguments): Promise<void> {
  const scenario = await readScenario(options.scenario);
  const warmupHours = options.warmHours ?? scenario.warmupHours;
  const seeds = await readSeeds(options.seeds);
  const stations = stationsOf(scenario, { ...seeds, dir: options.seeds });
  const start = options.start ?? Date.parse(scenario.start);
  const world = createWorld({ ...scenario, warmupHours }, stations, { start });
  // Stands still until the parent process says how fast its clock runs, or there is none.
  const clock = new DemoClock(world.start, 0);
  let simulation: Simulation | null = null;
  let stopping = false;

  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    // A broker that is gone answers no goodbye.
    setTimeout(() => process.exit(code), GOODBYE_WITHIN_MS).unref();
    await simulation?.close();
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(0));
  process.on("disconnect", () => void stop(0));
  process.on("message", (message) => {
    const told = SimulatorMessage.parse(message);
    if (told.type === "clock") clock.set(told.clock);
    else if (told.type === "fire") simulation?.light(told.fire);
    else void stop(0);
  });

  try {
    simulation = await startSimulation({
      world,
      clock,
      log,
      host: options.host,
      port: options.mqttPort,
      secrets: await readCredentials(options.credentials),
      onWarming: thinned((done) => report({ type: "warming", done })),
    });
    report({ type: "live", until: simulation.until });
    if (!process.connected) clock.setSpeed(options.speed);
  } catch (error) {
    log.error({ err: error }, "the simulator could not start");
    report({ type: "failed", reason: error instanceof Error ? error.message : String(error) });
    await stop(1);
  }
}

function report(message: SimulatorReport): void {
  if (process.connected) process.send?.(message);
  else log.info(message, "report");
}

/** Passes on only so many of the steps between 0 and 1. */
function thinned(tell: (done: number) => void): (done: number) => void {
  let told = -1;
  return (done) => {
    const step = Math.floor(Math.min(1, Math.max(0, done)) * PROGRESS_STEPS);
    if (step > told) tell(step / PROGRESS_STEPS);
    told = step;
  };
}
