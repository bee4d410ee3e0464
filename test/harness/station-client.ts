import { readingsTopic, statusTopic } from "@hotgrid/contracts";
import { connectAsync, type MqttClient } from "mqtt";

export interface PublishedReading {
  readonly phenomenonTime: number;
  readonly results: Readonly<Record<string, number>>;
}

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

  static async connect(port: number, stationId: string, secret: string): Promise<StationClient> {
    const client = await connectAsync({
      host: "127.0.0.1",
      port,
      clientId: stationId,
      username: stationId,
      password: secret,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 200,
      will: { topic: statusTopic(stationId), payload: Buffer.from('{"state":"offline"}'), qos: 1, retain: true },
    });
    // A refused reconnect while the system is down is what these tests are about; the client tries again by itself.
    client.on("error", () => undefined);
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
