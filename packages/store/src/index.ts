export * from "./reading-store.ts";
