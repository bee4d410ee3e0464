import { readingsTopic, statusTopic } from "@hotgrid/contracts";
import type { Log } from "@hotgrid/runtime";
import type { IPublishPacket } from "mqtt-packet";
import type { BacklogOrder } from "./backlog-order.ts";
import { BridgeLink } from "./bridge-link.ts";
import type { BridgeOptions } from "./bridge-options.ts";
import type { BridgedPublishes } from "./bridged-publishes.ts";

/** Between two tries to connect, ms. Ours. */
const RECONNECT_MS = 1000;

/** What the connections of a bridge have in common. */
export interface BridgeShared {
  readonly publishes: BridgedPublishes;
  readonly order: BacklogOrder;
  readonly log: Log;
}

interface Told {
  readonly settle: (error?: Error) => void;
  readonly measured: (phenomenonTime: number) => void;
}

/** A connection to another broker that comes back wherever it ends. Its session outlives it: what was not acknowledged
 *  comes again. */
export class BridgeConnection {
  readonly #options: BridgeOptions;
  readonly #clientId: string;
  readonly #publishes: BridgedPublishes;
  readonly #order: BacklogOrder;
  readonly #log: Log;
  #link: BridgeLink;
  #retry: NodeJS.Timeout | undefined;
  #closing = false;
  #subscribed = false;

  constructor(options: BridgeOptions, clientId: string, { publishes, order, log }: BridgeShared) {
    this.#options = options;
    this.#clientId = clientId;
    this.#publishes = publishes;
    this.#order = order;
    this.#log = log;
    this.#link = this.#connect();
  }

  get subscribed(): boolean {
    return this.#subscribed;
  }

  #connect(): BridgeLink {
    const { group } = this.#options;
    const shared = (topic: string) => (group === null ? topic : `$share/${group}/${topic}`);
    const line = this.#order.enter();
    const topics = [shared(readingsTopic("+")), shared(statusTopic("+"))];
    const link: BridgeLink = new BridgeLink(
      { ...this.#options, clientId: this.#clientId, topics },
      {
        subscribed: () => {
          this.#subscribed = true;
        },
        refused: () => this.#log.error({ topics }, "the other broker refuses the subscription"),
        publish: (packet, settle) => {
          const measured = (time: number) => {
            line.time = time;
          };
          this.#order.add(line, () => this.#take(link, packet, { settle, measured }));
        },
        ended: (error) => {
          this.#order.leave(line);
          this.#ended(error);
        },
      },
    );
    return link;
  }

  #take(link: BridgeLink, { topic, payload }: IPublishPacket, told: Told): void {
    // Not acknowledged: it comes again at the next start.
    if (this.#closing) return;
    this.#publishes.take({
      topic,
      payload: typeof payload === "string" ? Buffer.from(payload) : payload,
      wanted: () => link.open,
      ...told,
    });
  }

  #ended(err: Error): void {
    this.#subscribed = false;
    if (this.#closing) return;
    this.#log.warn({ err, clientId: this.#clientId }, "connection to the other broker failed");
    this.#retry = setTimeout(() => {
      this.#link = this.#connect();
    }, RECONNECT_MS);
  }

  /** Takes nothing new from here on. */
  stopTaking(): void {
    this.#closing = true;
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#retry);
    await this.#link.close();
  }
}
