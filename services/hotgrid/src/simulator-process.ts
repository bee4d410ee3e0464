import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { type SimulatorMessage, SimulatorReport } from "@hotgrid/contracts";
import { ROOT } from "./config.ts";

export interface SimulatorOptions {
  readonly mqttPort: number;
  readonly credentialsFile: string;
  readonly scenario: string;
  readonly seeds: string;
  readonly warmHours: number;
  /** Demo time at which live publishing begins, epoch ms. */
  readonly start: number;
}

/** Time a stopping simulator has to say goodbye to the broker, ms. Ours. */
const STOP_WITHIN_MS = 5_000;

/** The fleet simulator as a process of its own: 300 stations that share nothing with the services but the network. */
export class SimulatorProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #stopping = false;

  constructor(
    options: SimulatorOptions,
    onReport: (report: SimulatorReport) => void,
    onDeath: (code: number | null) => void,
  ) {
    this.#child = fork(
      join(ROOT, "simulators", "fleet", "src", "main.ts"),
      [
        ...["--mqtt-port", String(options.mqttPort), "--credentials", options.credentialsFile],
        ...["--scenario", options.scenario, "--seeds", options.seeds],
        ...["--warm-hours", String(options.warmHours), "--start", new Date(options.start).toISOString()],
      ],
      { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: ["--disable-warning=ExperimentalWarning"] },
    );
    this.#child.on("message", (message) => onReport(SimulatorReport.parse(message)));
    this.#exited = new Promise((resolve) => this.#child.once("exit", (code) => resolve(code)));
    void this.#exited.then((code) => {
      if (!this.#stopping) onDeath(code);
    });
  }

  send(message: SimulatorMessage): void {
    if (this.#child.connected) this.#child.send(message);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.send({ type: "stop" });
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_WITHIN_MS);
    await this.#exited;
    clearTimeout(timer);
  }
}
