export * from "./cell-scheme.ts";
export * from "./distance-metres.ts";
export * from "./division.ts";
export * from "./duty.ts";
export * from "./grid.ts";
