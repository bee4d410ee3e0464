export { createDetector, type Decisions, type Detector, type DetectorInput } from "./detector.ts";
export type { Geography, Place } from "./geography.ts";
export { DetectionRules } from "./rules/detection-rules.ts";
export { parseRules } from "./rules/parse-rules.ts";
export type { Counters } from "./tick/intake.ts";
