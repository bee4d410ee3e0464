export * from "./clock.ts";
export * from "./closing.ts";
export * from "./errors.ts";
export * from "./log.ts";
export * from "./place-secret-file.ts";
export * from "./read-secret.ts";
export * from "./work-loop.ts";
