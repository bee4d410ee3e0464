export { type OpenedReadingStore, readingStoreContract } from "./contract/reading-store-contract.ts";
export { openTestDatabase } from "./testing/open-test-database.ts";
export { createDatabase, databaseUrl } from "./testing/postgres-databases.ts";
