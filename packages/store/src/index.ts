export * from "./database.ts";
export * from "./reading-store.ts";
export * from "./sqlite-failure.ts";
export * from "./tables/people-and-stations.ts";
