export * from "./aqi.ts";
export * from "./breakpoints.ts";
export * from "./categories.ts";
export * from "./iaqi.ts";
export * from "./validity.ts";
