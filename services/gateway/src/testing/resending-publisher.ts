import { readingsTopic } from "@hotgrid/contracts";
import type { Packet } from "mqtt-packet";
import { connectPacket, publishPacket, RawClient } from "./raw-client.ts";

/** Publishes kept in flight. */
const WINDOW = 16;
/** Pause before it connects again, ms. */
const RECONNECT_MS = 50;

/** A station as it should be: publishes reading after reading at QoS 1, keeps what has no PUBACK, and after a broken
 *  connection sends that again with DUP. It notes which readings were acknowledged, and which were sent again. */
export class ResendingPublisher {
  /** Keys of readings, see contracts' readingKey. */
  readonly acknowledged = new Set<string>();
  readonly resent = new Set<string>();
  readonly #port: number;
  readonly #id: string;
  readonly #secret: string;
  readonly #start = Date.now();
  /** Time of the reading in flight under each packet id. */
  readonly #inFlight = new Map<number, number>();
  #sent = 0;
  #finishing = false;
  readonly #finished = Promise.withResolvers<void>();

  constructor(port: number, id: string, secret: string) {
    this.#port = port;
    this.#id = id;
    this.#secret = secret;
    this.#connect();
  }

  #connect(): void {
    const client = new RawClient(this.#port, (packet) => this.#received(client, packet));
    client.socket.once("connect", () => client.send(connectPacket(this.#id, this.#secret, { clean: false })));
    void client.closed.then(() => {
      if (!this.#finishing || this.#inFlight.size > 0) setTimeout(() => this.#connect(), RECONNECT_MS);
    });
  }

  #received(client: RawClient, packet: Packet): void {
    if (packet.cmd === "connack" && packet.returnCode === 0) {
      for (const [messageId, time] of this.#inFlight) {
        this.resent.add(this.#key(time));
        client.send(this.#publish(messageId, time, true));
      }
      this.#fill(client);
    } else if (packet.cmd === "puback" && packet.messageId !== undefined) {
      const time = this.#inFlight.get(packet.messageId);
      if (time !== undefined) this.acknowledged.add(this.#key(time));
      this.#inFlight.delete(packet.messageId);
      this.#fill(client);
    }
  }

  #fill(client: RawClient): void {
    while (!this.#finishing && this.#inFlight.size < WINDOW) {
      this.#sent += 1;
      const messageId = (this.#sent % 65_535) + 1;
      const time = this.#start - 86_400_000 + this.#sent * 1000;
      this.#inFlight.set(messageId, time);
      client.send(this.#publish(messageId, time, false));
    }
    if (this.#finishing && this.#inFlight.size === 0) {
      client.socket.end();
      this.#finished.resolve();
    }
  }

  #key(time: number): string {
    return `${this.#id}@${time}`;
  }

  #publish(messageId: number, time: number, dup: boolean): Packet {
    const payload = JSON.stringify({ phenomenonTime: time, results: { pm25: 35, pm10: 60 } });
    return publishPacket(readingsTopic(this.#id), payload, messageId, dup);
  }

  /** Sends nothing new, and resolves once everything sent is acknowledged. */
  finish(): Promise<void> {
    this.#finishing = true;
    return this.#finished.promise;
  }
}
