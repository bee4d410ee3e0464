/** What can run as a process of its own. */
export const SERVICES = ["gateway", "recorder", "detector", "dispatcher", "notifier", "console"] as const;
export type ServiceName = (typeof SERVICES)[number];
