import { z } from "zod";

/** GET /push. */
export const PushView = z.strictObject({
  /** Of our messages (VAPID, RFC 8292), base64url; null: this system sends none to devices. */
  publicKey: z.string().nullable(),
});
export type PushView = z.infer<typeof PushView>;

/** POST /push/subscriptions: what the browser's PushSubscription says of itself. */
export const PushSubscriptionRequest = z.strictObject({
  /** Where the browser's push service takes messages for it: an https address, and a secret. */
  endpoint: z.url({ protocol: /^https$/ }).max(1000),
  /** RFC 8291 3.1: a point of P-256 (65 bytes) and 16 random bytes, base64url. */
  keys: z.strictObject({
    p256dh: z.string().regex(/^B[A-Za-z0-9_-]{86}$/, "65 bytes in base64url"),
    auth: z.string().regex(/^[A-Za-z0-9_-]{22}$/, "16 bytes in base64url"),
  }),
  /** Epoch ms, where the browser knows. */
  expirationTime: z.number().nullable(),
  language: z.enum(["zh", "en"]),
});
export type PushSubscriptionRequest = z.infer<typeof PushSubscriptionRequest>;

/** SHA-256 of the endpoint, hex: whoever has the subscription knows its name. */
export const PushSubscriptionView = z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/, "SHA-256 in hex") });
export type PushSubscriptionView = z.infer<typeof PushSubscriptionView>;

/** What arrives at the device, encrypted on the way (RFC 8291): what a lock screen may show, and where it leads. */
export const PushPayload = z.strictObject({
  /** Of the message: a second copy replaces the first. */
  id: z.string(),
  title: z.string(),
  body: z.string(),
  /** Path on our own origin. */
  path: z.string(),
});
export type PushPayload = z.infer<typeof PushPayload>;
