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
  /** Of the writes in a row that have found no answer: when the first one was sent and when the last one was given up, by
   *  performance.now(). */
  readonly #silence = new Map<string, { readonly from: number; readonly to: number }>();

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
      this.#silence.delete(stream);
      return answer;
    } catch (error) {
      if (!isTimeout(error)) this.#silence.delete(stream);
      else await this.#unanswered(stream, sent);
      throw error;
    }
  }

  async #unanswered(stream: string, sent: number): Promise<void> {
    const to = performance.now();
    const before = this.#silence.get(stream);
    // A write of long ago that was never repeated says nothing.
    const from = before && sent - before.to < SILENT_MS ? before.from : sent;
    const isLong = to - from >= SILENT_MS && this.#nats.up;
    this.#silence.set(stream, { from: isLong ? to : from, to });
    if (!isLong) return;
    const ms = Math.round(to - from);
    this.#log.warn({ stream, ms }, "a stream answers no write, asking its leader to step down");
    try {
      await this.#nats.nc.request(`$JS.API.STREAM.LEADER.STEPDOWN.${stream}`, "", { timeout: ANSWER_MS });
    } catch (err) {
      this.#log.warn({ err, stream }, "the leader was not reached");
    }
  }
}

const isTimeout = (error: unknown): boolean =>
  error instanceof errors.TimeoutError || (error instanceof Error && isTimeout(error.cause));
