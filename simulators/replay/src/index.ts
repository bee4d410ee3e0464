export * from "./formats/format.ts";
export { formatOf } from "./formats/format-of.ts";
export * from "./place-stations.ts";
export * from "./replay.ts";
export * from "./survey.ts";
