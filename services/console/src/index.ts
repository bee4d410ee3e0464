export * from "./console-dependencies.ts";
export { type RunningConsole, startConsole } from "./start-console.ts";
