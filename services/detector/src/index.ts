export type { DetectorDependencies, DetectorService } from "./ports.ts";
export { startDetector } from "./start-detector.ts";
