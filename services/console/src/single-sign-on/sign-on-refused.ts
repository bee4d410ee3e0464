import type { SignOnOutcome } from "@hotgrid/contracts";
import { AuthorizationResponseError, ClientError } from "openid-client";

/** Why nobody was let in. unavailable: the provider did not answer. refused: it said no, or the person
 *  gave up there. expired: the login took too long, was used before, or belongs to another browser. failed: what came
 *  back is not what was asked for; an administrator looks into the log. */
type SignOnReason = Extract<SignOnOutcome, "unavailable" | "refused" | "expired" | "failed">;

export class SignOnRefused extends Error {
  readonly reason: SignOnReason;
  constructor(reason: SignOnReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SignOnRefused";
    this.reason = reason;
  }

  /** Throws what a failure of the client library means to the person. */
  static from(this: void, cause: unknown): never {
    if (cause instanceof AuthorizationResponseError)
      throw new SignOnRefused("refused", `the provider said ${cause.error}`, { cause });
    if (isAway(cause)) throw new SignOnRefused("unavailable", "the provider does not answer", { cause });
    throw new SignOnRefused("failed", "the provider's answer is not what was asked for", { cause });
  }
}

function isAway(cause: unknown): boolean {
  // fetch's word for every failure of the network is a TypeError.
  if (cause instanceof TypeError) return cause.message === "fetch failed";
  if (!(cause instanceof ClientError)) return false;
  if (cause.cause instanceof Response) return cause.cause.status >= 500;
  return cause.code === "OAUTH_TIMEOUT" || cause.code === "OAUTH_ABORT";
}
