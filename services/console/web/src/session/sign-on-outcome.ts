import type { SignOnOutcome } from "@hotgrid/contracts";

/** Why a single sign-on let nobody in. */
export type SignOnFailure = Exclude<SignOnOutcome, "ok" | "second-factor">;

// Listed here, so that the officer's page loads no schemas; a test holds it to the contract.
export const SIGN_ON_FAILURES: readonly SignOnFailure[] = [
  "unavailable",
  "refused",
  "expired",
  "failed",
  "unknown-account",
  "ambiguous",
  "disabled",
  "no-grant",
];

/** What the single sign-on left in the address, ?login=…; null: nothing that we know. */
export function signOnOutcome(search: string): SignOnFailure | "second-factor" | null {
  const said = new URLSearchParams(search).get("login");
  return said === "second-factor" ? said : (SIGN_ON_FAILURES.find((failure) => failure === said) ?? null);
}
