import { Account } from "@hotgrid/contracts";
import type { SignedOn } from "@hotgrid/store";
import type { SingleSignOnConfig } from "./read-single-sign-on.ts";
import { SignOnRefused } from "./sign-on-refused.ts";

type Claims = Readonly<Record<string, unknown>>;

/** Who an ID token means. Throws SignOnRefused "failed" where the claim that should say it does not. */
export function signedOn(claims: Claims, config: Pick<SingleSignOnConfig, "claim" | "names" | "grants">): SignedOn {
  const id = Account.shape.id.safeParse(claims[config.claim]);
  if (!id.success) throw new SignOnRefused("failed", `the ID token has no usable claim ${config.claim}`);
  const name = Account.shape.name.safeParse(claims["name"]);
  const grant = config.grants.find(({ claim, value }) => valuesOf(claims[claim]).includes(value));
  return {
    names: config.names,
    id: id.data,
    name: name.success ? name.data : id.data,
    grant: grant ? { role: grant.role, division: grant.division } : null,
  };
}

const valuesOf = (claim: unknown): readonly unknown[] => (Array.isArray(claim) ? claim : [claim]);
