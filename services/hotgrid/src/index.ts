export { openDataDirectory } from "./data-directory.ts";
export { type System, type SystemOptions, startSystem } from "./start-system.ts";
export { issueCredentials } from "./station-credentials.ts";
