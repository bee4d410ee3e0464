export type { RecorderCounters } from "./recorder-counters.ts";
export { type Recorder, type RecorderDependencies, startRecorder } from "./start-recorder.ts";
