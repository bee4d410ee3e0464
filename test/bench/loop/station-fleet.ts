import { connect, type Socket } from "node:net";
import { readingsTopic } from "@hotgrid/contracts";
import { generate } from "mqtt-packet";

/** Connections from one source address: the gateway takes 2,000 at once (its limits.ts). */
const STATIONS_PER_ADDRESS = 1500;
/** Handshakes at once. */
const HANDSHAKES = 500;
/** CONNACK and PUBACK: four bytes each, MQTT 3.1.1 sections 3.2 and 3.4. */
const ANSWER_BYTES = 4;

/** Every station's own connection to the gateway, raw, so that the bench's part of the machine stays small. */
export class StationFleet {
  readonly #stations: readonly Connection[];
  #waiting: PromiseWithResolvers<void> | undefined;
  #unanswered = 0;

  private constructor(stations: readonly Connection[]) {
    this.#stations = stations;
  }

  static async connect(port: number, ids: readonly string[], secrets: ReadonlyMap<string, string>) {
    const stations: Connection[] = [];
    const fleet = new StationFleet(stations);
    for (const [i, id] of ids.entries()) {
      const address = `127.0.1.${1 + Math.floor(i / STATIONS_PER_ADDRESS)}`;
      stations.push(new Connection({ port, address }, id, secrets.get(id) ?? "", () => fleet.#answered()));
      if (i % HANDSHAKES === 0) await Promise.all(stations.map(({ connected }) => connected));
    }
    await Promise.all(stations.map(({ connected }) => connected));
    return fleet;
  }

  /** A packet of one station, to be sent later by send(). */
  packet(station: number, payload: string): Buffer {
    return this.#at(station).packet(payload);
  }

  send(station: number, packet: Buffer): void {
    this.#unanswered += 1;
    this.#at(station).socket.write(packet);
  }

  /** Resolves once every publish has its PUBACK. */
  acknowledged(): Promise<void> {
    if (this.#unanswered === 0) return Promise.resolve();
    this.#waiting ??= Promise.withResolvers();
    return this.#waiting.promise;
  }

  #answered(): void {
    this.#unanswered -= 1;
    if (this.#unanswered > 0) return;
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  #at(station: number): Connection {
    const found = this.#stations[station];
    if (!found) throw new Error(`no station ${station}`);
    return found;
  }

  close(): void {
    for (const { socket } of this.#stations) socket.removeAllListeners("close").destroy();
  }
}

class Connection {
  readonly socket: Socket;
  readonly connected: Promise<void>;
  readonly #topic: string;
  #messageId = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(
    { port, address }: { readonly port: number; readonly address: string },
    id: string,
    secret: string,
    onPuback: () => void,
  ) {
    this.#topic = readingsTopic(id);
    this.socket = connect({ port, host: "127.0.0.1", localAddress: address, noDelay: true });
    const ready = Promise.withResolvers<void>();
    this.connected = ready.promise;
    this.socket.on("error", ready.reject);
    this.socket.on("close", () => {
      throw new Error(`${id} was disconnected`);
    });
    this.socket.on("data", (bytes) => {
      const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
      let at = 0;
      for (; at + ANSWER_BYTES <= all.length; at += ANSWER_BYTES) {
        if (all[at] === 0x40) onPuback();
        else if (all[at] === 0x20 && all[at + 3] === 0) ready.resolve();
        else throw new Error(`${id} got an unexpected answer`);
      }
      this.#rest = all.subarray(at);
    });
    const credentials = { clientId: id, username: id, password: Buffer.from(secret) };
    const version = { protocolId: "MQTT", protocolVersion: 4 } as const;
    this.socket.write(generate({ cmd: "connect", ...version, clean: true, keepalive: 0, ...credentials }));
  }

  packet(payload: string): Buffer {
    this.#messageId = (this.#messageId % 65_535) + 1;
    const messageId = this.#messageId;
    return generate({ cmd: "publish", topic: this.#topic, payload, qos: 1, messageId, dup: false, retain: false });
  }
}
