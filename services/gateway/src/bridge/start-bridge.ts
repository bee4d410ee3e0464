import type { Log } from "@hotgrid/runtime";
import { BacklogOrder } from "./backlog-order.ts";
import { BridgeConnection } from "./bridge-connection.ts";
import type { BridgeOptions } from "./bridge-options.ts";
import { type BridgedNeeds, BridgedPublishes } from "./bridged-publishes.ts";

export interface Bridge {
  /** Connections that are subscribed now. */
  subscribed(): number;
  /** Takes nothing new; what is in hand is acknowledged once it is durable. */
  stopTaking(): void;
  close(): Promise<void>;
}

/** Takes the stations' readings from another broker. Whether that broker is there does not matter for the start. */
export function startBridge(options: BridgeOptions, needs: Omit<BridgedNeeds, "city">, log: Log): Bridge {
  const shared = {
    publishes: new BridgedPublishes({ ...needs, city: options.city }),
    order: new BacklogOrder(),
    log,
  };
  const count = options.group === null ? 1 : options.connections;
  const connections = Array.from(
    { length: count },
    (_, i) => new BridgeConnection(options, `${options.clientId}-${i}`, shared),
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
