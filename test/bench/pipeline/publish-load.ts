import { connect, type Socket } from "node:net";
import { readingsTopic, type Station } from "@hotgrid/contracts";
import { generate } from "mqtt-packet";
import { airReading } from "../loop/bench-air.ts";
import { wallNow } from "../loop/message-endpoint.ts";

/** Load of the end-to-end bench, in a process of its own: raw sockets and frames built beforehand, so that the pipeline is
 *  measured and not a client library. Told what to do by its parent's first message. */
export interface LoadOrder {
  readonly port: number;
  readonly stations: readonly Station[];
  /** By station; null where the broker lets everybody in. */
  readonly secrets: Readonly<Record<string, string>> | null;
  /** Minutes since the epoch, each published once by every station. */
  readonly from: number;
  readonly minutes: number;
  /** Minutes of which PUBACKs may be outstanding: what a network is apart, and the detector waits for. */
  readonly ahead: number;
}

/** What it tells: ready, then how many PUBACKs there were by when (epoch ms), and at the end its share. */
export type LoadReport =
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly at: number; readonly acknowledged: number }
  | { readonly kind: "done"; readonly cpuSeconds: number; readonly latencies: readonly number[] };

/** A fire's smoke, µg/m³, so that the detector has something to decide: one station of so many burns for so many of each
 *  hundred minutes. */
const [SMOKE, BURNS_EACH, BURNING_MINUTES] = [220, 97, 8];
const TELL_EVERY_MS = 50;
/** CONNACK and PUBACK: four bytes each, MQTT 3.1.1 sections 3.2 and 3.4. */
const ANSWER_BYTES = 4;
/** Longest packet id, MQTT 3.1.1 section 2.3.1. */
const PACKET_IDS = 65_535;

const happening = (station: number, minute: number, calm: number): number =>
  station % BURNS_EACH === 0 && (minute + station) % 100 < BURNING_MINUTES ? calm + SMOKE : calm;

/** All publishes of a station, and where each begins. */
interface Frames {
  readonly bytes: Buffer;
  readonly starts: readonly number[];
}

function framesOf(station: Station, index: number, { from, minutes }: LoadOrder): Frames {
  const topic = readingsTopic(station.id);
  const starts = [0];
  const frames = Array.from({ length: minutes }, (_, m) => {
    const { phenomenonTime, results } = airReading(station, index, from + m, happening);
    const payload = JSON.stringify({ phenomenonTime, results });
    const messageId = (m % PACKET_IDS) + 1;
    const frame = generate({ cmd: "publish", topic, payload, qos: 1, messageId, dup: false, retain: false });
    starts.push((starts.at(-1) ?? 0) + frame.length);
    return frame;
  });
  return { bytes: Buffer.concat(frames), starts };
}

class Publisher {
  readonly #order: LoadOrder;
  readonly #frames: readonly Frames[];
  readonly #sockets: Socket[] = [];
  /** Of each minute: when it was sent, ms, and its PUBACKs. */
  readonly #sentAt: Float64Array;
  readonly #answers: Uint32Array;
  readonly latencies: number[] = [];
  acknowledged = 0;
  /** Minutes whose every PUBACK is here, and minutes that were sent. */
  #complete = 0;
  #sent = 0;
  #sending = false;
  readonly done = Promise.withResolvers<void>();

  constructor(order: LoadOrder) {
    this.#order = order;
    this.#frames = order.stations.map((station, i) => framesOf(station, i, order));
    this.#answers = new Uint32Array(order.minutes);
    this.#sentAt = new Float64Array(order.minutes);
  }

  async connect(): Promise<void> {
    await Promise.all(this.#order.stations.map((station) => this.#connect(station)));
  }

  #connect({ id }: Station): Promise<void> {
    const { port, secrets } = this.#order;
    const connected = Promise.withResolvers<void>();
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#sockets.push(socket);
    socket.on("error", connected.reject);
    socket.on("close", () => connected.reject(new Error(`${id} was disconnected`)));
    let rest: Buffer = Buffer.alloc(0);
    socket.on("data", (bytes) => {
      const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
      let at = 0;
      for (; at + ANSWER_BYTES <= all.length; at += ANSWER_BYTES) {
        if (all[at] === 0x40) this.#answered(all.readUInt16BE(at + 2) - 1);
        else if (all[at] === 0x20 && all[at + 3] === 0) connected.resolve();
        else throw new Error(`${id} got an unexpected answer`);
      }
      rest = all.subarray(at);
    });
    const login = secrets === null ? {} : { username: id, password: Buffer.from(secrets[id] ?? "") };
    const version = { protocolId: "MQTT", protocolVersion: 4 } as const;
    socket.write(generate({ cmd: "connect", ...version, clean: true, keepalive: 0, clientId: id, ...login }));
    return connected.promise;
  }

  /** What may be on its way by now, each station's in one write. */
  send = (): void => {
    this.#sending = false;
    const { minutes, ahead } = this.#order;
    const [first, end] = [this.#sent, Math.min(minutes, this.#complete + ahead)];
    if (end <= first) return;
    this.#sent = end;
    this.#sentAt.fill(performance.now(), first, end);
    for (const [i, socket] of this.#sockets.entries()) {
      const frames = this.#frames[i];
      if (frames) socket.write(frames.bytes.subarray(frames.starts[first], frames.starts[end]));
    }
  };

  #answered(minute: number): void {
    this.latencies.push(performance.now() - (this.#sentAt[minute] ?? Number.NaN));
    this.acknowledged += 1;
    const { stations, minutes } = this.#order;
    this.#answers[minute] = (this.#answers[minute] ?? 0) + 1;
    while (this.#answers[this.#complete] === stations.length) this.#complete += 1;
    if (this.#complete === minutes) this.done.resolve();
    if (this.#sending || this.#complete + this.#order.ahead <= this.#sent) return;
    this.#sending = true;
    setImmediate(this.send);
  }

  close(): void {
    for (const socket of this.#sockets) socket.removeAllListeners("close").destroy();
  }
}

const tell = (report: LoadReport) => new Promise<void>((resolve) => process.send?.(report, () => resolve()));

async function run(order: LoadOrder): Promise<void> {
  const publisher = new Publisher(order);
  await publisher.connect();
  const go = new Promise((resolve) => process.once("message", resolve));
  await tell({ kind: "ready" });
  await go;
  const before = process.cpuUsage();
  const progress = () => void tell({ kind: "progress", at: wallNow(), acknowledged: publisher.acknowledged });
  const timer = setInterval(progress, TELL_EVERY_MS);
  publisher.send();
  await publisher.done.promise;
  clearInterval(timer);
  progress();
  const { user, system } = process.cpuUsage(before);
  await tell({ kind: "done", cpuSeconds: (user + system) / 1e6, latencies: publisher.latencies });
  publisher.close();
  process.disconnect();
}

process.once("message", (order: LoadOrder) => void run(order));
