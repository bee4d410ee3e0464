export { openReceivers, type Receivers, readWebPush } from "./adapters/open-receivers.ts";
export { NOTIFIER_DELIVERY, type Notifier, type NotifierDependencies, startNotifier } from "./start-notifier.ts";
