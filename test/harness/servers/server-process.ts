import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

/** Lines of output that are kept for whoever asks what went wrong. */
const KEPT_LINES = 2000;

export interface ServerProcessOptions {
  readonly cwd?: string;
  /** Beside this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Group under which it runs, where this is root: the firewall tells its packets from others' by that. */
  readonly gid?: number | undefined;
  /** What it prints where it ended because its former life is not over yet: it is started again then. */
  readonly again?: RegExp;
}

/** Of util-linux, which every Debian has. */
export const SETPRIV = "/usr/bin/setpriv";
/** Times that it is started again for that reason, and the pause between them, ms. Ours. */
const [TRIES, PAUSE_MS] = [300, 200];

/** Another program as a process: started, killed, frozen and started again on the same command line. */
export class ServerProcess {
  readonly #program: string;
  readonly #words: readonly string[];
  readonly #ready: RegExp;
  readonly #options: ServerProcessOptions;
  #child: ChildProcess | undefined;
  #output: string[] = [];

  /** @param ready what it prints, on either stream, once it takes connections */
  constructor(program: string, words: readonly string[], ready: RegExp, options: ServerProcessOptions = {}) {
    this.#program = program;
    this.#words = words;
    this.#ready = ready;
    this.#options = options;
  }

  /** null while it does not run. */
  get pid(): number | null {
    const child = this.#child;
    return child === undefined || hasEnded(child) ? null : (child.pid ?? null);
  }

  /** What it printed so far, on both streams, over all its lives; the newest lines where there are many. */
  output(): string {
    return this.#output.join("\n");
  }

  /** The line by which it said that it is ready. Rejects with what it printed where it ends before. */
  async start(): Promise<string> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#start();
      } catch (error) {
        const { again } = this.#options;
        if (tries === TRIES || !again?.test(String(error))) throw error;
        await pause(PAUSE_MS);
      }
    }
  }

  async #start(): Promise<string> {
    const { cwd, env, gid } = this.#options;
    const [program, words] = notLeftBehind(this.#program, this.#words);
    const child = spawn(program, words, {
      stdio: ["ignore", "pipe", "pipe"],
      // Ctrl-C is for whoever started it, who then ends it in good order.
      detached: true,
      env: { ...process.env, ...env },
      ...(cwd !== undefined && { cwd }),
      ...(gid !== undefined && { gid }),
    });
    this.#child = child;
    const ready = Promise.withResolvers<string>();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        this.#keep(line);
        if (this.#ready.test(line)) ready.resolve(line);
      });
    }
    child.once("error", (cause) => ready.reject(new Error(`${this.#program} could not be started`, { cause })));
    // Not at its exit: what it printed last may still be on its way then.
    child.once("close", (code) => {
      const told = this.#output.slice(-20).join("\n");
      ready.reject(new Error(`${this.#program} ended with code ${code} before it was ready:\n${told}`));
    });
    return ready.promise;
  }

  #keep(line: string): void {
    this.#output.push(line);
    if (this.#output.length > 2 * KEPT_LINES) this.#output.splice(0, KEPT_LINES);
  }

  /** Its exit code, null after a signal; resolves when it has ended, with null where it did not run. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    const child = this.#child;
    if (!child || hasEnded(child)) return child?.exitCode ?? null;
    const ended = once(child, "exit");
    child.kill("SIGCONT");
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  /** Resolves when it has ended, at once where it does not run. */
  async ended(): Promise<void> {
    const child = this.#child;
    if (child && !hasEnded(child)) await once(child, "exit");
  }

  /** Nothing where it does not run. */
  signal(signal: NodeJS.Signals): void {
    if (this.pid !== null) this.#child?.kill(signal);
  }

  /** SIGSTOP: it is there and does nothing. */
  freeze(): void {
    this.signal("SIGSTOP");
  }
  wake(): void {
    this.signal("SIGCONT");
  }
}

/** Where Linux' setpriv is: a command line whose process dies with the one that started it, however that ends. */
export function notLeftBehind(program: string, words: readonly string[]): [string, readonly string[]] {
  if (program === SETPRIV) return [program, [...DIE_TOGETHER, ...words]];
  return existsSync(SETPRIV) ? [SETPRIV, [...DIE_TOGETHER, "--", program, ...words]] : [program, words];
}

const DIE_TOGETHER = ["--pdeathsig", "KILL"];

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;
