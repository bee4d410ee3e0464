export { type DetectorDependencies, type DetectorService, startDetector } from "./start-detector.ts";
