import { setTimeout as pause } from "node:timers/promises";
import type { Member } from "../../harness/member.ts";
import type { Topology } from "../../harness/topology.ts";

/** Pause between two looks, and after a start that failed, ms. Ours: systemd waits 100 ms, too. */
const [LOOK_MS, AGAIN_MS] = [100, 500];
/** Lines of a member's last words. */
const LAST_WORDS = 12;

/** A member that ended by itself. */
export interface Crash {
  readonly member: string;
  /** What it printed at the end. */
  readonly words: string;
}

/** What systemd or Kubernetes would be: starts again whatever is not running, unless it is held down on purpose. */
export class Supervisor {
  readonly #topology: Topology;
  readonly #held = new Set<string>();
  readonly #starting = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #crashes: Crash[] = [];

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#running = this.#watch();
  }

  /** Keeps a member from being started, until the returned function is called. */
  hold(name: string): () => void {
    this.#held.add(name);
    return () => {
      this.#held.delete(name);
      this.#start(this.#topology.member(name));
    };
  }

  async #watch(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      for (const member of this.#topology.members.values()) this.#look(member);
      await pause(LOOK_MS);
    }
  }

  #look(member: Member): void {
    if (member.pid() !== null || this.#held.has(member.name) || this.#starting.has(member.name)) return;
    const words = member.output().split("\n").slice(-LAST_WORDS).join("\n");
    this.#crashes.push({ member: member.name, words });
    this.#start(member);
  }

  /** Again and again: a server may need another one, or room on its disk. */
  #start(member: Member): void {
    const start = async () => {
      while (!this.#stop.signal.aborted && !this.#held.has(member.name)) {
        // What it printed is in its output, for whoever asks.
        const started = await member.start().then(
          () => true,
          () => false,
        );
        if (started) break;
        await pause(AGAIN_MS);
      }
      this.#starting.delete(member.name);
    };
    this.#starting.set(member.name, start());
  }

  /** Whether every member runs and is ready. */
  get isWhole(): boolean {
    return this.#starting.size === 0 && [...this.#topology.members.values()].every((member) => member.pid() !== null);
  }

  /** Members that ended by themselves since the last call. */
  takeCrashes(): readonly Crash[] {
    const taken = this.#crashes;
    this.#crashes = [];
    return taken;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await Promise.all(this.#starting.values());
  }
}
