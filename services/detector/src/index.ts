export { snapshotBlob } from "./adapters/snapshot-blob.ts";
export { snapshotFile } from "./adapters/snapshot-file.ts";
export type { DetectorDependencies, DetectorService, SnapshotStore } from "./ports.ts";
export { startDetector } from "./start-detector.ts";
