import { z } from "zod";
import { DivisionCode } from "./identifiers.ts";

const IsoTime = z.iso.datetime({ offset: true });

/** What lets an inspector in: a division with all below it, until a time. */
const InspectionGrantView = z.strictObject({
  division: DivisionCode,
  /** From city to the granted division. */
  divisionNames: z.array(z.string()),
  until: IsoTime,
  grantedAt: IsoTime,
  /** Account id of who granted it. */
  grantedBy: z.string(),
  /** False once it has expired. */
  active: z.boolean(),
});

/** GET /inspectors; PUT and DELETE /inspectors/{id}/grant. An account carries one grant at a time. */
export const InspectorView = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** The widest that may be granted. */
  division: DivisionCode,
  grant: InspectionGrantView.nullable(),
  /** Whether who asks may grant, renew or revoke. */
  mayGrant: z.boolean(),
});
export type InspectorView = z.infer<typeof InspectorView>;

export const InspectionGrantRequest = z.strictObject({ division: DivisionCode, until: IsoTime });

/** GET /inspection-draws: how the tickets closed in a month are drawn. A ticket is drawn where the first 48 bits of
 *  HMAC-SHA256(key, ticket id) are below share × 2^48. The key's SHA-256 is in the audit log before the first ticket of the
 *  month is closed; the key itself is shown when the month is over, so that everybody can do the draw again and nobody
 *  could foresee it. */
export const InspectionDrawView = z.strictObject({
  /** Local month, YYYY-MM. */
  period: z.string(),
  share: z.number().min(0).max(1),
  keySha256: z.string(),
  /** Hex; null while the month goes on. */
  key: z.string().nullable(),
});
export type InspectionDrawView = z.infer<typeof InspectionDrawView>;
