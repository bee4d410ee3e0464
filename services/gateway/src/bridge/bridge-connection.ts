import { readingsTopic, statusTopic } from "@hotgrid/contracts";
import type { Log } from "@hotgrid/runtime";
import mqtt, { type IPublishPacket, type MqttClient } from "mqtt";
import type { BridgeOptions } from "./bridge-options.ts";
import type { BridgedPublishes } from "./bridged-publishes.ts";

/** Between two tries to connect, ms. Ours. */
const RECONNECT_MS = 1000;
/** Seconds without a word after which both sides ask. Ours. */
const KEEPALIVE_S = 30;

/** One connection to another broker. The client hands over one packet at a time and acknowledges it when told to, which
 *  is after it is durable; so there are several of these, and each commit of the log serves all of them. Its session
 *  outlives it: what was not acknowledged comes again. */
export class BridgeConnection {
  readonly #client: MqttClient;
  readonly #publishes: BridgedPublishes;
  readonly #log: Log;
  /** Rises with every loss: an acknowledgement belongs to the connection that brought the packet. */
  #epoch = 0;
  #closing = false;
  #subscribed = false;

  constructor(options: BridgeOptions, clientId: string, publishes: BridgedPublishes, log: Log) {
    this.#publishes = publishes;
    this.#log = log;
    this.#client = mqtt.connect(options.url, {
      clientId,
      clean: false,
      // Every broker speaks it, NATS' nothing else; Mosquitto and EMQX know shared subscriptions in it as well.
      protocolVersion: 4,
      keepalive: KEEPALIVE_S,
      reconnectPeriod: RECONNECT_MS,
      resubscribe: false,
      ...(options.username !== undefined && { username: options.username }),
      ...(options.password !== undefined && { password: options.password }),
      ...(options.authority !== undefined && { ca: options.authority }),
    });
    this.#client.handleMessage = (packet, acknowledge) => this.#take(packet, acknowledge);
    this.#client.on("connect", () => this.#subscribe(options.group));
    this.#client.on("close", () => {
      this.#epoch += 1;
      this.#subscribed = false;
    });
    // The client connects again by itself.
    this.#client.on("error", (err) => log.warn({ err, clientId }, "connection to the other broker failed"));
  }

  get subscribed(): boolean {
    return this.#subscribed;
  }

  #subscribe(group: string | null): void {
    const shared = (topic: string) => (group === null ? topic : `$share/${group}/${topic}`);
    const topics = [shared(readingsTopic("+")), shared(statusTopic("+"))];
    this.#client.subscribeAsync(topics, { qos: 1 }).then(
      () => {
        this.#subscribed = true;
      },
      (err: unknown) => {
        if (!this.#closing) this.#log.error({ err, topics }, "the other broker refuses the subscription");
      },
    );
  }

  #take({ topic, payload }: IPublishPacket, acknowledge: () => void): void {
    // Not acknowledged: it comes again at the next start.
    if (this.#closing) return;
    const epoch = this.#epoch;
    const wanted = () => epoch === this.#epoch && this.#client.connected;
    this.#publishes.take({
      topic,
      payload: typeof payload === "string" ? Buffer.from(payload) : payload,
      wanted,
      settle: (error) => {
        if (!wanted()) return;
        // On a new connection the broker delivers again what has no acknowledgement.
        if (error) this.#client.stream.destroy();
        else acknowledge();
      },
    });
  }

  /** Takes nothing new from here on. */
  stopTaking(): void {
    this.#closing = true;
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#client.endAsync();
  }
}
