import type { CityCode } from "@hotgrid/contracts";

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
