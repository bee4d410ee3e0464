import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, decodeJson, openSqliteBus } from "@hotgrid/bus";
import {
  DeadLetter,
  type Reading,
  ReadingsMessage,
  readingsTopic,
  type Station,
  StationEvent,
  type StreamKey,
} from "@hotgrid/contracts";
import { createLog, ManualClock } from "@hotgrid/runtime";
import { createSecret, hashSecret } from "@hotgrid/store";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { Registry } from "prom-client";
import type { z } from "zod";
import type { BridgeOptions } from "../bridge/bridge-options.ts";
import type { GatewayLimits } from "../limits.ts";
import type { StationDirectory } from "../ports.ts";
import { type Gateway, startGateway } from "../start-gateway.ts";

/** 2026-11-22 08:00 in Shaoxing. */
export const NOW = Date.parse("2026-11-22T08:00:00+08:00");

export const testStation = (id: string): Station => ({
  id,
  name: id,
  kind: "micro",
  lon: 120.58,
  lat: 30,
  division: "990102001001",
  properties: ["pm25"],
  intervalSeconds: 60,
});

/** Stations with a secret each, but for "HG-mute", to which none was issued. */
class TestStations implements StationDirectory {
  readonly #secrets = new Map<string, string>();
  readonly #hashes = new Map<string, string>();

  constructor(ids: readonly string[]) {
    for (const id of ids) this.rotate(id);
  }
  /** Gives a new secret. */
  rotate(id: string): void {
    const secret = createSecret();
    this.#secrets.set(id, secret);
    this.#hashes.set(id, hashSecret(secret));
  }
  retire(id: string): void {
    this.#secrets.delete(id);
  }
  secret(id: string): string {
    return this.#secrets.get(id) ?? "";
  }
  find(id: string): { station: Station; secretHash: string | null } | undefined {
    if (!this.#secrets.has(id)) return undefined;
    return { station: testStation(id), secretHash: id === "HG-mute" ? null : (this.#hashes.get(id) ?? null) };
  }
  all(): readonly Station[] {
    return [...this.#secrets.keys()].map(testStation);
  }
}

export interface GatewayRun {
  readonly gateway: Gateway;
  readonly bus: Bus;
  readonly clock: ManualClock;
  readonly stations: TestStations;
  readonly metrics: Registry;
  /** A connected client of a station; fails where it is refused. */
  connect(id: string, options?: IClientOptions): Promise<MqttClient>;
  /** Publishes to the station's readings and resolves with the PUBACK. */
  publish(client: MqttClient, payload: string | Buffer): Promise<void>;
  /** All readings of the log, once there are at least `count`. */
  readings(count: number): Promise<Reading[]>;
  deadLetters(count: number): Promise<DeadLetter[]>;
  events(count: number): Promise<StationEvent[]>;
  /** Everything of a stream, decoded, once there are at least `count` messages. */
  log<T extends z.ZodType>(stream: StreamKey, schema: T, count: number): Promise<z.output<T>[]>;
  close(): Promise<void>;
}

/** A gateway on a free port with a log of its own. `wrap` may put something between it and the log. */
export async function startGatewayRun(
  limits: Partial<GatewayLimits> = {},
  wrap: (bus: Bus) => Bus = (bus) => bus,
  bridge?: BridgeOptions,
): Promise<GatewayRun> {
  const folder = await mkdtemp(join(tmpdir(), "hotgrid-gateway-"));
  const clock = new ManualClock(NOW);
  const quiet = createLog("gateway-test", "silent");
  const bus = await openSqliteBus({ file: join(folder, "log.db"), clock, log: quiet });
  const stations = new TestStations(["HG-1", "HG-2", "HG-3", "HG-mute"]);
  const metrics = new Registry();
  const at = { port: 0, host: "127.0.0.1" };
  const gateway = await startGateway({ ...at, bus: wrap(bus), clock, stations, log: quiet, limits, metrics, bridge });
  const clients: MqttClient[] = [];

  const log = async <T extends z.ZodType>(stream: StreamKey, schema: T, count: number): Promise<z.output<T>[]> => {
    const stop = new AbortController();
    const all: z.output<T>[] = [];
    if (count === 0) count = (await bus.info(stream)).lastSeq;
    if (count === 0) return all;
    for await (const batch of bus.read(stream, { from: 1, batch: 100 }, stop.signal)) {
      all.push(...batch.map((message) => decodeJson(schema, message.data)));
      if (all.length >= count) stop.abort();
    }
    return all;
  };

  return {
    gateway,
    bus,
    clock,
    stations,
    metrics,
    connect: async (id, options = {}) => {
      const password = stations.secret(id);
      const client = await mqtt.connectAsync(
        `mqtt://127.0.0.1:${gateway.port}`,
        { clientId: id, username: id, password, reconnectPeriod: 0, protocolVersion: 4, ...options },
        false,
      );
      client.on("error", () => undefined);
      clients.push(client);
      return client;
    },
    publish: async (client, payload) => {
      await client.publishAsync(readingsTopic(client.options.clientId ?? ""), payload, { qos: 1 });
    },
    readings: async (count) => {
      const stop = new AbortController();
      const all: Reading[] = [];
      if (count === 0 && (await bus.info("readings")).lastSeq === 0) return all;
      for await (const batch of bus.read("readings", { from: 1, batch: 100 }, stop.signal)) {
        for (const message of batch) {
          const decoded = decodeJson(ReadingsMessage, message.data);
          if (decoded.kind === "readings") all.push(...decoded.readings);
        }
        if (all.length >= count) stop.abort();
      }
      return all;
    },
    deadLetters: (count) => log("deadLetters", DeadLetter, count),
    events: (count) => log("stations", StationEvent, count),
    log,
    close: async () => {
      for (const client of clients) client.end(true);
      await gateway.close();
      await bus.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A good reading's payload. */
export const reading = (over: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ phenomenonTime: NOW, results: { pm25: 35.2 }, ...over });
