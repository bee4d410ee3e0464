import type { CityCode } from "@hotgrid/contracts";
import type { Log } from "@hotgrid/runtime";
import { BridgeConnection } from "./bridge-connection.ts";
import { type BridgedNeeds, BridgedPublishes } from "./bridged-publishes.ts";

export interface BridgeOptions {
  /** mqtt://host:1883, or mqtts://host:8883 for TLS. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authority that signed the broker's certificate, where the system does not know it. */
  readonly authority?: string;
  /** First part of the connections' client ids. The same at every start, and of no other gateway: the broker keeps what
   *  is not acknowledged under it. */
  readonly clientId: string;
  readonly connections: number;
  /** Group of the shared subscription: gateways of one group share the messages. null where the broker has no shared
   *  subscriptions (NATS' own MQTT): then there is one connection and one gateway. */
  readonly group: string | null;
  /** Where dead letters of stations that nobody knows are kept. */
  readonly city: CityCode;
}

export interface Bridge {
  /** Connections that are subscribed now. */
  subscribed(): number;
  /** Takes nothing new; what is in hand is acknowledged once it is durable. */
  stopTaking(): void;
  close(): Promise<void>;
}

/** Takes the stations' readings from another broker. Whether that broker is there does not matter for the start. */
export function startBridge(options: BridgeOptions, needs: Omit<BridgedNeeds, "city">, log: Log): Bridge {
  const publishes = new BridgedPublishes({ ...needs, city: options.city });
  const count = options.group === null ? 1 : options.connections;
  const connections = Array.from(
    { length: count },
    (_, i) => new BridgeConnection(options, `${options.clientId}-${i}`, publishes, log),
  );
  return {
    subscribed: () => connections.filter(({ subscribed }) => subscribed).length,
    stopTaking: () => {
      for (const connection of connections) connection.stopTaking();
    },
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}
