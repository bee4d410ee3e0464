export type { BridgeOptions } from "./bridge/bridge-options.ts";
export { decodePublish } from "./core/decode-publish.ts";
export { readingsEntries } from "./core/readings-entries.ts";
export type { GatewayCounters, RefusalReason } from "./gateway-counters.ts";
export { DEFAULT_LIMITS, type GatewayLimits } from "./limits.ts";
export type { StationDirectory } from "./ports.ts";
export { type Gateway, type GatewayOptions, startGateway } from "./start-gateway.ts";
export type { StationCommand } from "./station-command.ts";
