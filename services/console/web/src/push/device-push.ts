import type { PushSubscriptionView, PushView } from "@hotgrid/contracts";
import { call } from "../api/call.ts";
import type { Language } from "../language/dictionary.ts";

/** unsupported: this browser can't. denied: the person said no, and only the browser's settings change that. */
export type PushState = "unsupported" | "denied" | "off" | "on";

const WORKER = "/push-worker.js";

/** The system's key; null where it sends nothing to devices. Rejects with ApiError. */
export const pushKey = async (): Promise<string | null> => (await call<PushView>("/push")).publicKey;

/** On an iPhone there is a PushManager only when the page was put on the home screen. */
const canPush = (): boolean => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** How it stands on this device. A subscription that is there is told to the server again: it may have been another
 *  account's, and browsers renew them. Rejects with ApiError. */
export async function pushState(key: string, language: Language): Promise<PushState> {
  if (!canPush()) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const subscription = await current();
  if (subscription === null || Notification.permission !== "granted") return "off";
  if (!isOf(subscription, key)) return "off";
  await tellServer(subscription, language);
  return "on";
}

/** Asks the person, has to be called from a tap. Rejects with ApiError, or with the browser's own error. */
export async function turnOn(key: string, language: Language): Promise<PushState> {
  const permission = await Notification.requestPermission();
  if (permission !== "granted") return permission === "denied" ? "denied" : "off";
  await navigator.serviceWorker.register(WORKER);
  const { pushManager } = await navigator.serviceWorker.ready;
  const before = await pushManager.getSubscription();
  // With another key, of a system that was set up anew, the browser refuses to subscribe.
  if (before !== null && !isOf(before, key)) await before.unsubscribe();
  const options = { userVisibleOnly: true, applicationServerKey: keyBytes(key) };
  await tellServer(await pushManager.subscribe(options), language);
  return "on";
}

/** Here and at the server. Rejects with ApiError. */
export async function turnOff(): Promise<PushState> {
  const subscription = canPush() ? await current() : null;
  if (subscription === null) return "off";
  const id = await idOf(subscription.endpoint);
  await subscription.unsubscribe();
  await call(`/push/subscriptions/${id}`, { method: "DELETE" });
  return "off";
}

async function current(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration(WORKER);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function tellServer(subscription: PushSubscription, language: Language): Promise<void> {
  const { endpoint, keys, expirationTime } = subscription.toJSON();
  const body = {
    endpoint,
    keys: { p256dh: keys?.["p256dh"], auth: keys?.["auth"] },
    expirationTime: expirationTime ?? null,
    language,
  };
  await call<PushSubscriptionView>("/push/subscriptions", { method: "POST", body });
}

function isOf({ options }: PushSubscription, key: string): boolean {
  const used = options.applicationServerKey;
  if (used === null) return true;
  const [had, has] = [new Uint8Array(used), keyBytes(key)];
  return had.length === has.length && had.every((byte, i) => byte === has[i]);
}

function keyBytes(base64url: string): Uint8Array<ArrayBuffer> {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** As the server names it: SHA-256 in hex. */
async function idOf(endpoint: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
