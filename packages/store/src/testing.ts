export { type OpenedReadingStore, readingStoreContract } from "./contract/reading-store-contract.ts";
