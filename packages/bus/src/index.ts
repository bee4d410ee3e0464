export * from "./consume-decoded.ts";
export * from "./dead-letter-entry.ts";
export * from "./distributed-port.ts";
export { type CityService, type CityShare, divideCities, LEASE_MS } from "./divide-cities.ts";
export { type JetStreamBusOptions, openJetStreamBus } from "./jetstream/jetstream-bus.ts";
export * from "./json-codec.ts";
export * from "./port.ts";
export * from "./sqlite-bus.ts";
export { openUnsettledLog, type UnsettledLog } from "./unsettled-log.ts";
