import { connect, type Socket } from "node:net";
import { readingsTopic } from "@hotgrid/contracts";
import { generate } from "mqtt-packet";

/** Load of the connections benchmark, in a process of its own: many stations that say little, on raw sockets. Started
 *  with the options as a message, answers "connected", then the result on "end". */
export interface StationLoadOptions {
  readonly port: number;
  readonly stations: readonly { readonly id: string; readonly secret: string; readonly address: string }[];
}

export interface StationLoadResult {
  readonly published: number;
  readonly acknowledged: number;
  readonly pings: number;
  readonly pingAnswers: number;
  /** Connections that ended while nobody wanted it, those that never came to be included. */
  readonly lost: number;
  /** Why the first of them was lost. */
  readonly firstLoss: string;
  /** From writing a publish to its PUBACK, ms. */
  readonly latencies: readonly number[];
  /** Seconds of CPU since "connected". */
  readonly cpuSeconds: number;
}

/** MQTT keep-alive, s. The gateway ends a connection after 1.5 times that (MQTT 3.1.1 section 3.1.2.10). */
const KEEPALIVE_S = 30;
/** A station says something so often, ms: of three times one reading and two PINGREQ, so a reading a minute. */
const STEP_MS = 20_000;
const STEPS_PER_READING = 3;
/** Who is due is looked at so often, ms. */
const TICK_MS = 20;
/** Handshakes at once. */
const HANDSHAKES = 100;
/** Packet types, MQTT 3.1.1 section 2.2.1; CONNACK and PUBACK have four bytes, PINGRESP two. */
const CONNACK = 0x20;
const PUBACK = 0x40;
const PINGRESP = 0xd0;
const PINGREQ = Buffer.from([0xc0, 0x00]);

const tally = { published: 0, acknowledged: 0, pings: 0, pingAnswers: 0, lost: 0, firstLoss: "" };
const latencies: number[] = [];

class Station {
  readonly #topic: string;
  readonly #socket: Socket;
  readonly connected: Promise<void>;
  #step = 0;
  #sentAt = 0;

  constructor(port: number, { id, secret, address }: StationLoadOptions["stations"][number]) {
    this.#topic = readingsTopic(id);
    const ready = Promise.withResolvers<void>();
    this.connected = ready.promise;
    this.#socket = connect({ port, host: "127.0.0.1", localAddress: address, noDelay: true });
    const lose = (why: string) => {
      if (tally.lost++ === 0) tally.firstLoss = `${id} ${why}`;
      ready.resolve();
    };
    this.#socket.once("error", (error) => lose(error.message)).once("end", () => lose("was disconnected"));
    this.#socket.on("data", (bytes) => this.#read(bytes, ready.resolve));
    const credentials = { clientId: id, username: id, password: Buffer.from(secret) };
    const version = { protocolId: "MQTT", protocolVersion: 4 } as const;
    this.#socket.write(generate({ cmd: "connect", ...version, clean: true, keepalive: KEEPALIVE_S, ...credentials }));
  }

  /** Answers come one by one: what is asked next is asked seconds later. */
  #read(bytes: Buffer, connected: () => void): void {
    if (bytes[0] === CONNACK && bytes[3] === 0) connected();
    else if (bytes[0] === PUBACK) {
      tally.acknowledged += 1;
      latencies.push(performance.now() - this.#sentAt);
    } else if (bytes[0] === PINGRESP) tally.pingAnswers += 1;
    else throw new Error(`unexpected answer ${bytes.toString("hex")}`);
  }

  speak(): void {
    if (this.#step++ % STEPS_PER_READING === 0) this.#publish();
    else {
      tally.pings += 1;
      this.#socket.write(PINGREQ);
    }
  }

  #publish(): void {
    const results = { pm25: 35.2, pm10: 60, no2: 33, so2: 8, co: 0.7, o3: 88, temperature: 18.2 };
    const payload = JSON.stringify({ phenomenonTime: Date.now(), seq: this.#step, results });
    tally.published += 1;
    this.#sentAt = performance.now();
    const messageId = this.#step;
    this.#socket.write(
      generate({ cmd: "publish", topic: this.#topic, payload, qos: 1, messageId, dup: false, retain: false }),
    );
  }
}

/** Each speaks every STEP_MS from when it connected. */
class Turns {
  readonly #due: { at: number; readonly station: Station }[] = [];
  readonly #timer = setInterval(() => this.#tick(), TICK_MS);

  add(station: Station): void {
    this.#due.push({ at: performance.now() + STEP_MS, station });
  }
  #tick(): void {
    const now = performance.now();
    for (let first = this.#due[0]; first !== undefined && first.at <= now; first = this.#due[0]) {
      first.station.speak();
      first.at += STEP_MS;
      this.#due.shift();
      this.#due.push(first);
    }
  }
  stop(): void {
    clearInterval(this.#timer);
  }
}

async function run({ port, stations }: StationLoadOptions): Promise<void> {
  const turns = new Turns();
  for (let start = 0; start < stations.length; start += HANDSHAKES) {
    const some = stations.slice(start, start + HANDSHAKES).map((station) => new Station(port, station));
    await Promise.all(some.map((station) => station.connected));
    for (const station of some) turns.add(station);
  }
  const before = process.cpuUsage();
  process.once("message", () => {
    turns.stop();
    const { user, system } = process.cpuUsage(before);
    // What was asked last has a second for its answer.
    setTimeout(() => {
      const result: StationLoadResult = { ...tally, latencies, cpuSeconds: (user + system) / 1e6 };
      process.send?.(result, () => process.exit(0));
    }, 1000);
  });
  process.send?.("connected");
}

process.once("message", (options: StationLoadOptions) => void run(options));
