import { connect, type Socket } from "node:net";
import { readingsTopic } from "@hotgrid/contracts";
import { generate } from "mqtt-packet";

/** Connections from one source address: the gateway takes 2,000 at once (its limits.ts). */
const STATIONS_PER_ADDRESS = 1500;
/** Handshakes at once. */
const HANDSHAKES = 500;
/** CONNACK and PUBACK: four bytes each, MQTT 3.1.1 sections 3.2 and 3.4. */
const ANSWER_BYTES = 4;

/** Stations' connections, raw, so that the bench's part of the machine stays small. */
export class StationFleet {
  /** Of each station in turn: one each, or several stations share one. */
  readonly #connections: Connection[] = [];
  readonly #topics: readonly string[];
  #waiting: PromiseWithResolvers<void> | undefined;
  #unanswered = 0;

  private constructor(ids: readonly string[]) {
    this.#topics = ids.map(readingsTopic);
  }

  /** Every station by itself, at the gateway. */
  static async connect(port: number, ids: readonly string[], secrets: ReadonlyMap<string, string>) {
    const fleet = new StationFleet(ids);
    for (const [i, id] of ids.entries()) {
      const address = `127.0.1.${1 + Math.floor(i / STATIONS_PER_ADDRESS)}`;
      const login = { username: id, password: Buffer.from(secrets.get(id) ?? "") };
      fleet.#open({ port, address }, { clientId: id, ...login });
      if (i % HANDSHAKES === 0) await fleet.#connected();
    }
    await fleet.#connected();
    return fleet;
  }

  /** Through a broker that lets everybody publish everything: `connections` carry all stations. */
  static async connectShared(port: number, ids: readonly string[], connections: number) {
    const fleet = new StationFleet(ids);
    for (let i = 0; i < connections; i++) fleet.#open({ port, address: "127.0.1.1" }, { clientId: `fleet-${i}` });
    await fleet.#connected();
    return fleet;
  }

  #open(to: Address, login: Login): void {
    this.#connections.push(new Connection(to, login, () => this.#answered()));
  }

  async #connected(): Promise<void> {
    await Promise.all(this.#connections.map(({ connected }) => connected));
  }

  /** A packet of one station, to be sent later by send(). */
  packet(station: number, payload: string): Buffer {
    const topic = this.#topics[station];
    if (topic === undefined) throw new Error(`no station ${station}`);
    return this.#at(station).packet(topic, payload);
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
    const found = this.#connections[station % this.#connections.length];
    if (!found) throw new Error("nothing is connected");
    return found;
  }

  close(): void {
    for (const { socket } of this.#connections) socket.removeAllListeners("close").destroy();
  }
}

interface Address {
  readonly port: number;
  /** Address that the connection comes from. */
  readonly address: string;
}

interface Login {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: Buffer;
}

class Connection {
  readonly socket: Socket;
  readonly connected: Promise<void>;
  #messageId = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor({ port, address }: Address, login: Login, onPuback: () => void) {
    this.socket = connect({ port, host: "127.0.0.1", localAddress: address, noDelay: true });
    const ready = Promise.withResolvers<void>();
    this.connected = ready.promise;
    this.socket.on("error", ready.reject);
    this.socket.on("close", () => {
      throw new Error(`${login.clientId} was disconnected`);
    });
    this.socket.on("data", (bytes) => {
      const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
      let at = 0;
      for (; at + ANSWER_BYTES <= all.length; at += ANSWER_BYTES) {
        if (all[at] === 0x40) onPuback();
        else if (all[at] === 0x20 && all[at + 3] === 0) ready.resolve();
        else throw new Error(`${login.clientId} got an unexpected answer`);
      }
      this.#rest = all.subarray(at);
    });
    const version = { protocolId: "MQTT", protocolVersion: 4 } as const;
    this.socket.write(generate({ cmd: "connect", ...version, clean: true, keepalive: 0, ...login }));
  }

  packet(topic: string, payload: string): Buffer {
    this.#messageId = (this.#messageId % 65_535) + 1;
    const messageId = this.#messageId;
    return generate({ cmd: "publish", topic, payload, qos: 1, messageId, dup: false, retain: false });
  }
}
