export * from "./credentials.ts";
export * from "./mqtt/fleet.ts";
export * from "./mqtt/in-step.ts";
export * from "./mqtt/station-client.ts";
export * from "./scenario.ts";
export * from "./stations-of.ts";
export * from "./truth.ts";
export * from "./world.ts";
