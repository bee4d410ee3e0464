import { PAYLOAD_LIMIT_BYTES, readingsTopic, statusTopic } from "@hotgrid/contracts";
import { connect, type MqttClient } from "mqtt";

export interface StationConnection {
  readonly host: string;
  readonly port: number;
  readonly stationId: string;
  readonly secret: string;
  /** Time written into status messages, ISO 8601. */
  readonly now: () => string;
}

export interface ClientCounters {
  /** Readings handed to the connection, confirmed by PUBACK, and given up because the backlog was full. */
  published: number;
  acknowledged: number;
  dropped: number;
}

/** Readings that a station without connection keeps, the oldest first: a day at one a minute. Ours. */
export const BACKLOG_READINGS = 1440;
/** Messages that wait for their PUBACK at a time, and readings in one of them while catching up. Ours. */
const IN_FLIGHT = 4;
const CATCH_UP_READINGS = 100;
/** Pause before a new attempt to connect: doubles from the first to the last, ms, ±25 % so that 300 stations do not
 *  return at once. Ours. */
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;
const KEEP_ALIVE_SECONDS = 60;

/** One station's connection: publishes with QoS 1 in order, reconnects with back-off, and sends again what had no
 *  PUBACK (MQTT.js keeps what is in flight, `offer` what waits). */
export class StationClient {
  readonly stationId: string;
  readonly counters: ClientCounters = { published: 0, acknowledged: 0, dropped: 0 };
  readonly #client: MqttClient;
  readonly #connection: StationConnection;
  #backlog: string[] = [];
  #inFlight = 0;
  /** Connected, and what was in flight before has been sent again: only then MQTT.js keeps a new publish safe. */
  #ready = false;
  #ended = false;
  #retryMs = FIRST_RETRY_MS;

  constructor(connection: StationConnection) {
    this.#connection = connection;
    this.stationId = connection.stationId;
    this.#client = connect({
      host: connection.host,
      port: connection.port,
      protocolVersion: 4,
      clientId: connection.stationId,
      username: connection.stationId,
      password: connection.secret,
      keepalive: KEEP_ALIVE_SECONDS,
      reconnectPeriod: FIRST_RETRY_MS,
      will: { topic: statusTopic(connection.stationId), payload: this.#status("offline"), qos: 1, retain: true },
    });
    this.#client.on("connect", () => this.#onConnect());
    this.#client.on("close", () => this.#onClose());
    // MQTT.js reports every failed attempt here and tries again by itself; connected() tells the first caller.
    this.#client.on("error", () => undefined);
  }

  /** Resolves on the first connection; rejects where the broker refuses the station, or after `withinMs`. */
  connected(withinMs: number): Promise<void> {
    if (this.#client.connected) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null) => {
        clearTimeout(timer);
        this.#client.off("connect", onConnect);
        this.#client.off("error", onError);
        if (error) reject(error);
        else resolve();
      };
      let last: Error | null = null;
      const onConnect = () => settle(null);
      const onError = (cause: Error & { code?: number | string }) => {
        last = cause;
        // A number is the return code of a CONNACK: the broker has said no. A name (ECONNREFUSED) may pass.
        if (typeof cause.code === "number") settle(new Error(`${this.stationId}: ${cause.message}`, { cause }));
      };
      const timer = setTimeout(() => {
        settle(new Error(`${this.stationId}: no connection within ${withinMs} ms`, { cause: last }));
      }, withinMs);
      this.#client.on("connect", onConnect);
      this.#client.on("error", onError);
    });
  }

  /** Publishes readings (each a JSON object) as one message; resolves on its PUBACK, however many connections that
   *  takes. */
  async publish(readings: readonly string[]): Promise<void> {
    this.counters.published += readings.length;
    const payload = payloadOf(readings);
    for (let done = false; !done; ) {
      await this.#whenReady();
      try {
        await this.#client.publishAsync(readingsTopic(this.stationId), payload, { qos: 1 });
        done = true;
      } catch (error) {
        // MQTT.js gives up what was published while it resent older messages over a connection that broke again.
        if (this.#ended) throw error;
      }
    }
    this.counters.acknowledged += readings.length;
  }

  /** Takes a reading to be published as soon as those before it are. Where the backlog is full the reading is given up:
   *  the oldest are kept, in order. */
  offer(reading: string): void {
    if (this.#backlog.length >= BACKLOG_READINGS) {
      this.counters.dropped += 1;
      return;
    }
    this.#backlog.push(reading);
    this.#pump();
  }

  /** Readings that wait for a connection. */
  get backlog(): number {
    return this.#backlog.length;
  }

  /** Says goodbye and closes. What has no PUBACK by then is lost, as when a station is switched off. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#backlog = [];
    if (this.#client.connected) {
      await this.#client.publishAsync(statusTopic(this.stationId), this.#status("offline"), { qos: 1, retain: true });
    }
    await this.#client.endAsync(true);
  }

  /** Cuts the connection without a word, as a power failure does; MQTT.js connects again after the back-off. */
  cut(): void {
    this.#client.stream.destroy();
  }

  async #whenReady(): Promise<void> {
    if (!this.#ready && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#client.once("connect", () => resolve());
        this.#client.once("end", () => resolve());
      });
    }
    if (this.#ended) throw new Error(`${this.stationId}: the connection was ended`);
  }

  #pump(): void {
    while (this.#ready && this.#inFlight < IN_FLIGHT && this.#backlog.length > 0) {
      const readings = this.#backlog.splice(0, CATCH_UP_READINGS);
      this.#inFlight += 1;
      this.publish(readings).then(
        () => this.#settled(),
        // Only end() makes MQTT.js give a message up; then nobody waits for it any more.
        () => this.#settled(),
      );
    }
  }

  #settled(): void {
    this.#inFlight -= 1;
    this.#pump();
  }

  #onConnect(): void {
    this.#ready = true;
    this.#retryMs = FIRST_RETRY_MS;
    this.#client.options.reconnectPeriod = FIRST_RETRY_MS;
    this.#client.publish(statusTopic(this.stationId), this.#status("online"), { qos: 1, retain: true });
    this.#pump();
  }

  #onClose(): void {
    this.#ready = false;
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
    this.#client.options.reconnectPeriod = Math.round(this.#retryMs * (0.75 + Math.random() / 2));
  }

  #status(state: "online" | "offline"): string {
    return JSON.stringify({ state, at: this.#connection.now() });
  }
}

function payloadOf(readings: readonly string[]): string {
  const [only] = readings;
  const payload = readings.length === 1 && only !== undefined ? only : `[${readings.join(",")}]`;
  if (payload.length > PAYLOAD_LIMIT_BYTES) throw new RangeError(`a message of ${payload.length} bytes`);
  return payload;
}
