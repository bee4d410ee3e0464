export { openDataDirectory } from "./data-directory.ts";
export { DEMO_PASSWORD, demoLogins, say, showWarming } from "./greeting.ts";
export { ProcessEnd, writeReadyFile } from "./process-end.ts";
export { SNAPSHOTS } from "./share-cities.ts";
export { SimulatorProcess } from "./simulator-process.ts";
export { type System, type SystemOptions, startSystem } from "./start-system.ts";
export { issueCredentials } from "./station-credentials.ts";
