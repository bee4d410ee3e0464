export * from "./console-dependencies.ts";
export { readSingleSignOn } from "./single-sign-on/read-single-sign-on.ts";
export { type RunningConsole, startConsole } from "./start-console.ts";
