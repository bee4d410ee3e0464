import { z } from "zod";
import { DivisionCode } from "./identifiers.ts";

export const ROLES = [
  "viewer",
  "officer",
  "supervisor",
  "operator",
  "maintenance",
  "inspector",
  "administrator",
] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** Who may log in: rights are a role over a division and all below it. An inspector may do nothing without a grant, and
 *  then only in the division that was granted: see InspectorView. */
export const Account = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(64),
  role: Role,
  division: DivisionCode,
  /** The officer who acts through this account, where it is one. */
  officerId: z.string().nullable(),
});
export type Account = z.infer<typeof Account>;

/** A person responsible: an assignment binds an officer to a division with a role and a term. */
export const Officer = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(64),
  phone: z.string().max(32),
});
export type Officer = z.infer<typeof Officer>;

export const Assignment = z.strictObject({
  officerId: z.string().min(1).max(64),
  division: DivisionCode,
  /** primary is asked first, deputy while no primary is there; maintenance: the vendor who looks after the devices,
   *  never asked for anything else; department: an agency (综合执法, 住建, …) to which a ticket may be transferred, never on
   *  duty for a place. */
  role: z.enum(["primary", "deputy", "maintenance", "department"]),
  /** Term, epoch ms UTC: from inclusive, to exclusive, null open-ended. */
  from: z.int(),
  to: z.int().nullable(),
});
export type Assignment = z.infer<typeof Assignment>;
