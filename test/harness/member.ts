import type { ServerProcess } from "./servers/server-process.ts";

/** One process of a topology, a server's or a service's, with its ports and data for all its lives. */
export interface Member {
  readonly name: string;
  /** Where it listens, by what is spoken there: the same for all its lives. */
  readonly ports: Readonly<Record<string, number>>;
  /** null while it does not run. */
  pid(): number | null;
  /** SIGKILL, also of a frozen one; resolves when it has ended. */
  kill(): Promise<void>;
  /** SIGTERM, and its exit code: it drains. */
  stop(): Promise<number | null>;
  /** Again, on the same ports and data; resolves when it is ready. Rejects with what it printed where it ends before. */
  start(): Promise<void>;
  /** Resolves when it has ended, at once where it does not run. */
  ended(): Promise<void>;
  /** Nothing where it does not run. */
  signal(signal: NodeJS.Signals): void;
  /** What it printed, over all its lives. */
  output(): string;
}

export function memberOf(name: string, process: ServerProcess, ports: Readonly<Record<string, number>>): Member {
  return {
    ...{ name, ports },
    pid: () => process.pid,
    kill: async () => {
      await process.end("SIGKILL");
    },
    stop: () => process.end("SIGTERM"),
    start: async () => {
      if (process.pid !== null) throw new Error(`${name} runs already, as process ${process.pid}`);
      await process.start();
    },
    ended: () => process.ended(),
    signal: (signal) => process.signal(signal),
    output: () => process.output(),
  };
}
