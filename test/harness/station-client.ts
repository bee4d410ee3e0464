import { readingsTopic, statusTopic } from "@hotgrid/contracts";
import { connect, type MqttClient } from "mqtt";

export interface PublishedReading {
  readonly phenomenonTime: number;
  readonly results: Readonly<Record<string, number>>;
}

/** Where there is another gateway, one that is silent is left soon. */
const IMPATIENT = { keepalive: 5, connectTimeout: 3000 };

/** A station as its vendor would write it: one connection, QoS 1, what has no PUBACK is sent again after a reconnect. */
export class StationClient {
  readonly stationId: string;
  /** phenomenonTimes of the readings whose PUBACK arrived. */
  readonly acknowledged = new Set<number>();
  readonly #client: MqttClient;

  private constructor(stationId: string, client: MqttClient) {
    this.stationId = stationId;
    this.#client = client;
  }

  /** @param ports of the gateway, or of several: each is tried in turn until one lets in, as behind a balancer */
  static async connect(ports: number | readonly number[], stationId: string, secret: string): Promise<StationClient> {
    const gateways = typeof ports === "number" ? [ports] : ports;
    const client = connect({
      servers: gateways.map((port) => ({ host: "127.0.0.1", port, protocol: "mqtt" as const })),
      ...(gateways.length > 1 && IMPATIENT),
      clientId: stationId,
      username: stationId,
      password: secret,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 200,
      will: { topic: statusTopic(stationId), payload: Buffer.from('{"state":"offline"}'), qos: 1, retain: true },
    });
    await letIn(client);
    return new StationClient(stationId, client);
  }

  /** Resolves at the PUBACK. */
  async publish(readings: readonly PublishedReading[]): Promise<void> {
    await this.#client.publishAsync(readingsTopic(this.stationId), JSON.stringify(readings), { qos: 1 });
    for (const { phenomenonTime } of readings) this.acknowledged.add(phenomenonTime);
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }
}

/** Resolves when a gateway has let it in. One that is too busy to answer in time is tried again, as it will be from then
 *  on; what refuses is not. */
async function letIn(client: MqttClient): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.once("connect", () => resolve());
  // A refused reconnect while the system is down is what these tests are about; the client tries again by itself.
  client.on("error", (error) => {
    if (error.message !== "connack timeout") reject(error);
  });
  try {
    await promise;
  } catch (error) {
    client.end();
    throw error;
  }
}
