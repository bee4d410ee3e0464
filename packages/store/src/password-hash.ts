import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** OWASP Password Storage Cheat Sheet, scrypt: N = 2^15, r = 8, p = 3 (32 MiB; a few hundred ms of one core). */
const COST = { ln: 15, r: 8, p: 3 } as const;
/** OpenSSL needs 128 * N * r bytes and a little; bytes. Also the bound for what a stored hash may ask for. */
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** In PHC string form, so that the cost can rise later and old hashes stay valid:
 *  `$scrypt$ln=15,r=8,p=3$<salt>$<key>`, base64 without padding. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await deriveKey(password, salt, COST, KEY_BYTES);
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${unpadded(salt)}$${unpadded(key)}`;
}

/** Constant time in the password. Throws for a string that is no hash of ours. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash);
  if (match === null) throw new Error("a stored password hash is not in the form $scrypt$ln=,r=,p=$salt$key");
  const [, ln, r, p, salt = "", key = ""] = match;
  const expected = Buffer.from(key, "base64");
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const actual = await deriveKey(password, Buffer.from(salt, "base64"), cost, expected.length);
  return timingSafeEqual(actual, expected);
}

/** NFKC first, so that the same password typed on another keyboard is the same (RFC 8265 does likewise). */
function deriveKey(password: string, salt: Buffer, cost: { ln: number; r: number; p: number }, bytes: number) {
  const options = { N: 2 ** cost.ln, r: cost.r, p: cost.p, maxmem: MAX_MEMORY_BYTES };
  return derive(password.normalize("NFKC"), salt, bytes, options);
}

const unpadded = (bytes: Buffer): string => bytes.toString("base64").replaceAll("=", "");
