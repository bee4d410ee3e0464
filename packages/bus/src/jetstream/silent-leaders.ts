import type { Log } from "@hotgrid/runtime";
import { errors } from "@nats-io/transport-node";
import type { Nats } from "./nats-connection.ts";

/** A stream that answers no write for so long gets another leader, ms. Ours: longer than a slow disk, and than a cluster
 *  takes to find out by itself that its leader is gone. */
const SILENT_MS = 15_000;
/** Longest time until the leader says that it steps down, ms. Ours. */
const ANSWER_MS = 2000;

/** Leaders that take writes and never answer. A node of nats-server 2.9 that leads a stream a second time goes on counting
 *  where its first time ended (`clseq` in server/jetstream_cluster.go), and the cluster leaves out without a word as many
 *  writes as it is behind, up to the number of duplicates that it has seen. Another node counts rightly. */
export class SilentLeaders {
  readonly #nats: Nats;
  readonly #log: Log;
  /** When the first write was sent of those that have found no answer since, by performance.now(). */
  readonly #silentSince = new Map<string, number>();

  constructor(nats: Nats, log: Log) {
    this.#nats = nats;
    this.#log = log;
  }

  /** Writes to a stream; asks its leader to step down where this and every other write has had no answer for too long.
   *  Throws what the write throws. */
  async watch<T>(stream: string, write: () => Promise<T>): Promise<T> {
    const sent = performance.now();
    try {
      const answer = await write();
      this.#silentSince.delete(stream);
      return answer;
    } catch (error) {
      if (!isTimeout(error)) this.#silentSince.delete(stream);
      else await this.#unanswered(stream, sent);
      throw error;
    }
  }

  async #unanswered(stream: string, sent: number): Promise<void> {
    const now = performance.now();
    const since = this.#silentSince.get(stream) ?? sent;
    this.#silentSince.set(stream, since);
    if (now - since < SILENT_MS || !this.#nats.up) return;
    this.#silentSince.set(stream, now);
    this.#log.warn(
      { stream, ms: Math.round(now - since) },
      "a stream answers no write, asking its leader to step down",
    );
    try {
      await this.#nats.nc.request(`$JS.API.STREAM.LEADER.STEPDOWN.${stream}`, "", { timeout: ANSWER_MS });
    } catch (err) {
      this.#log.warn({ err, stream }, "the leader was not reached");
    }
  }
}

const isTimeout = (error: unknown): boolean =>
  error instanceof errors.TimeoutError || (error instanceof Error && isTimeout(error.cause));
