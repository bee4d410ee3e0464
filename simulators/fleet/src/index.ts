export * from "./scenario.ts";
export * from "./truth.ts";
export * from "./world.ts";
