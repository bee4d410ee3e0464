import type { Bus } from "@hotgrid/bus";
import type { Account } from "@hotgrid/contracts";
import type { Log, Trail } from "@hotgrid/runtime";
import { readPosition, STREAM_LOGS, type StreamLog, type StreamPosition } from "../core/stream-position.ts";
import { LogFeed, type Projection } from "./log-feed.ts";
import { type Outgoing, StreamClient } from "./stream-client.ts";

/** Messages of one log that a browser may catch up with; who missed more loads the lists again, which is faster. Ours. */
const LONGEST_RESUME = 5000;

export interface StreamHubInput {
  readonly bus: Bus;
  /** Subject and projection of each log. */
  readonly logs: Readonly<Record<StreamLog, { readonly subject: string; readonly project: Projection }>>;
  readonly streamsPerAccount: number;
  readonly log: Log;
  readonly trail: Trail;
}

export interface StreamRequest {
  readonly account: Account;
  readonly token: string;
  /** Of the browser's last event, where it reconnects. */
  readonly lastEventId: string | undefined;
}

export type StreamStart = "new" | "resumed" | "reset";

/** All browsers that listen, and the one reader per log that feeds them. */
export class StreamHub {
  readonly #input: StreamHubInput;
  readonly #feeds: Readonly<Record<StreamLog, LogFeed>>;
  readonly #clients = new Set<StreamClient>();
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(input: StreamHubInput) {
    this.#input = input;
    const feed = (name: StreamLog) =>
      new LogFeed({ name, bus: input.bus, log: input.log, trail: input.trail, ...input.logs[name] });
    this.#feeds = { episodes: feed("episodes"), tickets: feed("tickets"), stations: feed("stations") };
  }

  /** @param onBug gets what is neither a log that is away nor the end. */
  async start(onBug: (error: unknown) => void): Promise<void> {
    await Promise.all(this.#all.map((feed) => feed.open()));
    this.#running = Promise.all(this.#all.map((feed) => feed.run(this.#stop.signal))).catch(onBug);
  }

  get clients(): Iterable<StreamClient> {
    return this.#clients;
  }

  /** Browsers that listen now. */
  get size(): number {
    return this.#clients.size;
  }

  /** Null where the account has all the streams that it may have. Throws Unavailable where a log can't be asked. */
  async connect({ account, token, lastEventId }: StreamRequest): Promise<[StreamClient, StreamStart] | null> {
    const wanted = lastEventId === undefined ? undefined : readPosition(lastEventId);
    const lost = lastEventId === undefined ? null : await this.#whyLost(wanted ?? null);
    if (this.#streamsOf(account.id) >= this.#input.streamsPerAccount) return null;

    const client = new StreamClient(account, token, wanted && !lost ? wanted : this.#positions);
    this.#clients.add(client);
    client.closed.addEventListener("abort", () => this.#clients.delete(client), { once: true });
    if (lost) client.send("reset", JSON.stringify({ reason: lost }));
    this.#join(client);
    return [client, lost ? "reset" : wanted ? "resumed" : "new"];
  }

  broadcast(outgoing: Outgoing): void {
    for (const client of this.#clients) client.offer(outgoing);
  }

  /** Logged out: its streams end with the session. */
  endSession(token: string): void {
    for (const client of this.#clients) if (client.sessionToken === token) client.end();
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error("the console is closing"));
    for (const client of this.#clients) client.end();
    await this.#running;
  }

  get #all(): LogFeed[] {
    return STREAM_LOGS.map((name) => this.#feeds[name]);
  }

  get #positions(): StreamPosition {
    const { episodes, tickets, stations } = this.#feeds;
    return { episodes: episodes.position, tickets: tickets.position, stations: stations.position };
  }

  #streamsOf(accountId: string): number {
    return [...this.#clients].filter((client) => client.account.id === accountId).length;
  }

  async #whyLost(wanted: StreamPosition | null): Promise<"unknown-position" | "too-old" | null> {
    if (!wanted) return "unknown-position";
    for (const feed of this.#all) {
      const { firstSeq, lastSeq } = await this.#input.bus.info(feed.name);
      const had = wanted[feed.name];
      if (had > lastSeq) return "unknown-position"; // of another database, or forged
      if (had < lastSeq && had + 1 < firstSeq) return "too-old"; // the next one has been removed
      if (feed.position - had > LONGEST_RESUME) return "too-old";
    }
    return null;
  }

  #join(client: StreamClient): void {
    for (const feed of this.#all)
      feed.join(client).catch((err: unknown) => {
        this.#input.log.warn({ err, stream: feed.name }, "a browser could not catch up, it will reconnect");
        client.body.destroy();
      });
  }
}

/** For everybody, the same. */
export const toAll = (event: string, data: string): Outgoing => ({
  event,
  visibleTo: () => true,
  dataFor: () => data,
});
