import { connect, type Socket } from "node:net";
import { generate } from "mqtt-packet";

/** Load of the ingest benchmark, in a process of its own: raw sockets and frames built beforehand, so that the server
 *  is measured and not a client library. Started with the options as JSON in argv; prints the result as JSON. */
export interface LoadOptions {
  /** Of the servers among which the stations are dealt, as by a balancer. */
  readonly ports: readonly number[];
  readonly stations: readonly { readonly id: string; readonly secret: string }[];
  /** Publishes in flight per connection. */
  readonly window: number;
  readonly warmMs: number;
  readonly measureMs: number;
}

export interface LoadResult {
  /** PUBACKs per second in the measured time. */
  readonly rate: number;
  /** Milliseconds from writing a publish to reading its PUBACK. */
  readonly p50: number;
  readonly p99: number;
  /** Share of one core that this process took. */
  readonly cores: number;
}

/** Width of a latency bucket, ms, and their number: 0.1 ms up to 10 s. */
const BUCKET_MS = 0.1;
const BUCKETS = 100_000;
/** First byte and length of a PUBACK, MQTT 3.1.1 section 3.4. */
const PUBACK_BYTES = 4;

class Meter {
  readonly #latencies = new Uint32Array(BUCKETS);
  #count = 0;
  measuring = false;

  acknowledged(ms: number): void {
    if (!this.measuring) return;
    this.#count += 1;
    const bucket = Math.min(BUCKETS - 1, Math.floor(ms / BUCKET_MS));
    this.#latencies[bucket] = (this.#latencies[bucket] ?? 0) + 1;
  }
  get count(): number {
    return this.#count;
  }
  percentile(share: number): number {
    let left = this.#count * share;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      left -= this.#latencies[bucket] ?? 0;
      if (left <= 0) return (bucket + 1) * BUCKET_MS;
    }
    return BUCKETS * BUCKET_MS;
  }
}

const payload = JSON.stringify({
  phenomenonTime: new Date().toISOString(),
  seq: 1024,
  results: {
    pm25: 35.2,
    pm10: 60,
    no2: 33,
    so2: 8,
    co: 0.7,
    o3: 88,
    temperature: 18.2,
    relativeHumidity: 66,
    windSpeed: 2.1,
    windDirection: 180,
  },
  device: { battery: 12.4, rssi: -71, firmware: "1.4.2", lon: 120.58, lat: 30 },
});

function publishFrame(id: string, messageId: number): Buffer {
  const topic = `v1/stations/${id}/readings`;
  return generate({ cmd: "publish", topic, payload, qos: 1, messageId, dup: false, retain: false });
}

/** Keeps a window of publishes in flight on one connection. */
class Station {
  readonly #socket: Socket;
  readonly #frames: readonly Buffer[];
  readonly #sentAt: Float64Array;
  readonly #meter: Meter;
  #rest: Buffer = Buffer.alloc(0);
  #ready: (() => void) | undefined;
  readonly connected: Promise<void>;

  constructor(port: number, window: number, { id, secret }: LoadOptions["stations"][number], meter: Meter) {
    this.#meter = meter;
    this.#frames = Array.from({ length: window }, (_, i) => publishFrame(id, i + 1));
    this.#sentAt = new Float64Array(window);
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.connected = new Promise((resolve, reject) => {
      this.#ready = resolve;
      this.#socket.on("error", reject);
      this.#socket.on("close", () => reject(new Error(`${id} was disconnected`)));
    });
    this.#socket.on("data", (bytes) => this.#read(bytes));
    const credentials = { clientId: id, username: id, password: Buffer.from(secret) };
    const version = { protocolId: "MQTT", protocolVersion: 4 } as const;
    this.#socket.write(generate({ cmd: "connect", ...version, clean: true, keepalive: 60, ...credentials }));
  }

  start(): void {
    this.#sentAt.fill(performance.now());
    this.#socket.write(Buffer.concat(this.#frames));
  }

  /** CONNACK and PUBACK both have four bytes. */
  #read(bytes: Buffer): void {
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    const now = performance.now();
    const next: Buffer[] = [];
    let at = 0;
    for (; at + PUBACK_BYTES <= all.length; at += PUBACK_BYTES) {
      if (all[at] === 0x40) next.push(this.#acknowledged(all.readUInt16BE(at + 2), now));
      else if (all[at] === 0x20 && all[at + 3] === 0) this.#ready?.();
      else throw new Error(`unexpected answer ${all.subarray(at, at + PUBACK_BYTES).toString("hex")}`);
    }
    this.#rest = all.subarray(at);
    if (next.length > 0) this.#socket.write(next.length === 1 ? (next[0] ?? "") : Buffer.concat(next));
  }

  #acknowledged(messageId: number, now: number): Buffer {
    const slot = messageId - 1;
    this.#meter.acknowledged(now - (this.#sentAt[slot] ?? now));
    this.#sentAt[slot] = now;
    const frame = this.#frames[slot];
    if (!frame) throw new Error(`a PUBACK for ${messageId}, which was not sent`);
    return frame;
  }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function run(options: LoadOptions): Promise<LoadResult> {
  const meter = new Meter();
  const { ports, window } = options;
  const stations = options.stations.map(
    (station, i) => new Station(ports[i % ports.length] ?? 0, window, station, meter),
  );
  await Promise.all(stations.map((station) => station.connected));
  for (const station of stations) station.start();
  await wait(options.warmMs);
  const cpu = process.cpuUsage();
  const began = performance.now();
  meter.measuring = true;
  process.send?.("measuring");
  await wait(options.measureMs);
  meter.measuring = false;
  process.send?.("measured");
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return {
    rate: (meter.count / ms) * 1000,
    p50: meter.percentile(0.5),
    p99: meter.percentile(0.99),
    cores: (user + system) / 1000 / ms,
  };
}

process.once("message", (options: LoadOptions) => {
  void run(options).then((result) => process.send?.(result, () => process.exit(0)));
});
