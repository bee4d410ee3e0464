import { expect, test } from "vitest";
import { createSecret, hashSecret, verifySecret } from "./station-secret.ts";

test("a secret matches its own hash only, as text and as bytes", () => {
  const secret = createSecret();
  const hash = hashSecret(secret);
  expect(verifySecret(secret, hash)).toBe(true);
  expect(verifySecret(Buffer.from(secret), hash)).toBe(true);
  expect(verifySecret(`${secret}x`, hash)).toBe(false);
  expect(verifySecret("", hash)).toBe(false);
});

test("the hash holds neither the secret nor the same thing twice", () => {
  const secret = createSecret();
  expect(hashSecret(secret)).not.toContain(secret);
  expect(hashSecret(secret)).not.toBe(hashSecret(secret));
});

test("a string that is no hash is an error, not a wrong password", () => {
  expect(() => verifySecret("x", "plain")).toThrow("not in the form");
});
