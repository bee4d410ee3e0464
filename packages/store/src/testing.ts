export { type OpenedReadingStore, readingStoreContract } from "./contract/reading-store-contract.ts";
export { InfluxConnection } from "./influx-readings/influx-connection.ts";
export { readingLine } from "./influx-readings/influx-schema.ts";
export { openTestDatabase } from "./testing/open-test-database.ts";
export { createDatabase, databaseUrl } from "./testing/postgres-databases.ts";
