import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Bytes of salt: two stations with the same secret don't show it. Ours. */
const SALT_BYTES = 16;
/** Bytes of a secret, 192 bits. Ours; at least 128 bits are what lets a fast hash do. */
const SECRET_BYTES = 24;

/** A new secret for a station: 32 characters of A-Z a-z 0-9 - _. */
export const createSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");

/** `$sha256$<salt>$<digest>`, base64url. A station's secret is made by a machine, so that guessing costs 2^192 tries
 *  whatever a try costs; a slow hash would only slow the 300 honest stations that reconnect after a power cut. */
export function hashSecret(secret: string): string {
  const salt = randomBytes(SALT_BYTES);
  return `$sha256$${salt.toString("base64url")}$${digest(salt, secret).toString("base64url")}`;
}

/** Constant time in the secret. Throws for a string that is no hash of ours. */
export function verifySecret(secret: string | Uint8Array, hash: string): boolean {
  const match = /^\$sha256\$([\w-]+)\$([\w-]{43})$/.exec(hash);
  if (match === null) throw new Error("a stored secret hash is not in the form $sha256$salt$digest");
  const [, salt = "", expected = ""] = match;
  return timingSafeEqual(digest(Buffer.from(salt, "base64url"), secret), Buffer.from(expected, "base64url"));
}

const digest = (salt: Buffer, secret: string | Uint8Array): Buffer =>
  createHash("sha256").update(salt).update(secret).digest();
