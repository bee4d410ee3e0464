import { z } from "zod";
import { IsoTime } from "./api.ts";

/** 202 of POST /session: the password was right, and something more is needed within ten minutes. second-factor: a code
 *  to POST /session/second-factor. enrolment: the account's role needs a second factor and has none; its routes are
 *  open, nothing else. */
export const UnfinishedLogin = z.strictObject({ next: z.enum(["second-factor", "enrolment"]) });
export type UnfinishedLogin = z.infer<typeof UnfinishedLogin>;

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
