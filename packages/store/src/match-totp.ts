import { Secret, TOTP } from "otpauth";

/** RFC 6238 with what every authenticator app knows: SHA-1, six digits, half a minute. s. */
const PERIOD_S = 30;
const ALGORITHM = { algorithm: "SHA1", digits: 6, period: PERIOD_S } as const;
/** Steps before and after the present one that are taken, RFC 6238 5.2: phones' clocks differ. */
const WINDOW = 1;
/** RFC 4226 4, R6: 160 bits. */
const SECRET_BYTES = 20;

/** @returns a new secret in Base32. */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** What an authenticator app reads from the QR code (Key Uri Format). */
export const totpUri = (issuer: string, label: string, secret: string): string =>
  new TOTP({ issuer, label, secret: Secret.fromBase32(secret), ...ALGORITHM }).toString();

export const isTotpCode = (code: string): boolean => /^\d{6}$/.test(code);

/** The step that a code belongs to, or null where it is none of those around `at` (epoch ms). Constant time in the code. */
export function matchTotp(secret: string, code: string, at: number): number | null {
  if (!isTotpCode(code)) return null;
  const totp = { secret: Secret.fromBase32(secret), ...ALGORITHM };
  const delta = TOTP.validate({ ...totp, token: code, timestamp: at, window: WINDOW });
  return delta === null ? null : TOTP.counter({ period: PERIOD_S, timestamp: at }) + delta;
}
