import { z } from "zod";
import { DivisionCode } from "./identifiers.ts";

/** What the audit log tells of. */
export const AUDIT_SUBJECTS = [
  "ticket",
  "evidence",
  "inspection",
  "assignment",
  "roster",
  "officer",
  "station",
  "account",
  "login",
  "token",
  "seeds",
  "rules",
  "silence",
  "boundary",
] as const;
export const AuditSubject = z.enum(AUDIT_SUBJECTS);
export type AuditSubject = z.infer<typeof AuditSubject>;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "SHA-256 in hex");

/** One line of the audit log: who changed what, when, from which account and address. Lines are chained: each holds
 *  the hash of the one before it. */
export const AuditRecord = z.strictObject({
  /** From 1, without a gap. */
  seq: z.int().positive(),
  /** Epoch ms UTC, by the clock of what was changed (a demo's tickets have the demo's time). */
  at: z.int(),
  /** Account id, "system" for what the system does by itself, "cli:NAME" for who used the command line. */
  account: z.string(),
  /** Network address of the request, null where there was none. */
  address: z.string().nullable(),
  subject: AuditSubject,
  subjectId: z.string(),
  /** Of the subject; null where it belongs to the whole city. */
  division: DivisionCode.nullable(),
  action: z.string(),
  /** Facts of the change. Never a secret, and of a person no more than is needed to tell what changed. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  previous: Sha256,
  hash: Sha256,
});
export type AuditRecord = z.infer<typeof AuditRecord>;

/** GET /audit/verification: whether the whole log, and every ticket, is as it was written. */
export const AuditVerification = z.strictObject({
  /** When it was looked at, by the wall's clock. */
  checkedAt: z.iso.datetime({ offset: true }),
  /** Records found whole, and the hash of the last: kept elsewhere they are the anchor of `hotgrid audit verify`. */
  count: z.int().nonnegative(),
  hash: z.string(),
  /** Null: nothing was changed. */
  problem: z.strictObject({ seq: z.int(), message: z.strictObject({ zh: z.string(), en: z.string() }) }).nullable(),
});
export type AuditVerification = z.infer<typeof AuditVerification>;
