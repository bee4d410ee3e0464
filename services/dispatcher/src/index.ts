export { type Dispatcher, type DispatcherDependencies, startDispatcher } from "./start-dispatcher.ts";
