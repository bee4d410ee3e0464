import { z } from "zod";
import { IsoTime } from "./api.ts";

/** 202 of POST /session: the password was right, and something more is needed within ten minutes. second-factor: a code
 *  to POST /session/second-factor. enrolment: the account's role needs a second factor and has none; its routes are
 *  open, nothing else. */
export const UnfinishedLogin = z.strictObject({ next: z.enum(["second-factor", "enrolment"]) });
export type UnfinishedLogin = z.infer<typeof UnfinishedLogin>;

/** 200 of DELETE /session where the city's single sign-on has a session of its own, to be ended at this address. */
export const LogoutElsewhere = z.strictObject({ next: z.url() });
export type LogoutElsewhere = z.infer<typeof LogoutElsewhere>;

/** GET /session/options: how one may log in, beside account and password. */
export const LoginOptionsView = z.strictObject({
  /** The button's words; it leads to GET /session/oidc?page=operator|officer. */
  singleSignOn: z.strictObject({ zh: z.string(), en: z.string() }).nullable(),
});
export type LoginOptionsView = z.infer<typeof LoginOptionsView>;

/** The login's outcome that GET /session/oidc/callback leaves in our page's address, as ?login=… ok: logged in.
 *  second-factor: a code is needed. The others: why not. */
export const SIGN_ON_OUTCOMES = [
  "ok",
  "second-factor",
  "unavailable",
  "refused",
  "expired",
  "failed",
  "unknown-account",
  "ambiguous",
  "disabled",
  "no-grant",
] as const;
export type SignOnOutcome = (typeof SIGN_ON_OUTCOMES)[number];

/** Six digits of an authenticator app, or a recovery code. */
const Code = z.string().trim().min(6).max(40);
export const SecondFactorRequest = z.strictObject({ code: Code });

/** GET /account/totp. */
export const TotpView = z.strictObject({
  enabledAt: IsoTime.nullable(),
  recoveryCodesLeft: z.int().nonnegative(),
  /** The account's role may not do without it. */
  required: z.boolean(),
});
export type TotpView = z.infer<typeof TotpView>;

const Password = z.string().min(1).max(200);
/** POST /account/totp. The password may be left out by a login that is at its enrolment: it has just been given. */
export const TotpBeginRequest = z.strictObject({ password: Password.optional() });
/** To be shown once, until a code of the app confirms it. */
export const TotpEnrolment = z.strictObject({
  /** otpauth://… for a link on the phone itself. */
  uri: z.string(),
  /** Base32, to be typed where no camera is at hand. */
  secret: z.string(),
  /** `uri` as a QR code: an SVG document. */
  qr: z.string(),
});
export type TotpEnrolment = z.infer<typeof TotpEnrolment>;

export const TotpConfirmRequest = z.strictObject({ code: Code });
/** Shown this once. */
export const RecoveryCodes = z.strictObject({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

/** POST /account/totp/disable. */
export const TotpDisableRequest = z.strictObject({ password: Password, code: Code });
