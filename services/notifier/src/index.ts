export { openReceivers, type Receivers, readWebPush } from "./adapters/open-receivers.ts";
export { type Notifier, type NotifierDependencies, startNotifier } from "./start-notifier.ts";
