import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A server of another program, started, killed, frozen and started again on the same command line. */
export class ServerProcess {
  readonly #program: string;
  readonly #words: readonly string[];
  readonly #ready: RegExp;
  #child: ChildProcess | undefined;
  #output: string[] = [];

  /** @param ready what it prints, on either stream, once it takes connections */
  constructor(program: string, words: readonly string[], ready: RegExp) {
    this.#program = program;
    this.#words = words;
    this.#ready = ready;
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`${this.#program} is not running`);
    return this.#child.pid;
  }

  /** Rejects with what it printed where it ends before it is ready. */
  async start(): Promise<void> {
    this.#output = [];
    const child = spawn(this.#program, this.#words, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    const ready = Promise.withResolvers<void>();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        this.#output.push(line);
        if (this.#ready.test(line)) ready.resolve();
      });
    }
    child.once("error", (cause) => ready.reject(new Error(`${this.#program} could not be started`, { cause })));
    child.once("exit", (code) => {
      ready.reject(new Error(`${this.#program} ended with code ${code}:\n${this.#output.slice(-20).join("\n")}`));
    });
    await ready.promise;
  }

  /** Resolves when it has ended. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGCONT");
    child.kill(signal);
    await ended;
  }

  /** SIGSTOP: it is there and does nothing. */
  freeze(): void {
    process.kill(this.pid, "SIGSTOP");
  }
  wake(): void {
    process.kill(this.pid, "SIGCONT");
  }
}
