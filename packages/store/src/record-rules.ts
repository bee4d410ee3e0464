import { createHash } from "node:crypto";
import type { DivisionCode } from "@hotgrid/contracts";
import type { Transaction } from "kysely";
import { appendAudit, SYSTEM } from "./append-audit.ts";
import { canonicalJson } from "./audit-chain.ts";
import type { Database } from "./database.ts";

/** Whatever a city decides by, by the name of its file; what is null or absent is not there. */
export type RuleFiles = Readonly<Partial<Record<"rules" | "policy" | "routing" | "notification", unknown>>>;

/** Puts each file that is not what it was when the system last started into the audit log, with its version and the
 *  SHA-256 of its canonical JSON (RFC 8785): by which rules a ticket was judged can be proven, the file at hand.
 *  @param at epoch ms UTC, the wall's time: people change files */
export async function recordRules(
  trx: Transaction<Database>,
  city: DivisionCode,
  files: RuleFiles,
  at: number,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    if (content === null || content === undefined) continue;
    const sha256 = createHash("sha256")
      .update(canonicalJson(JSON.parse(JSON.stringify(content))))
      .digest("hex");
    const subject = { subject: "rules", subjectId: `${city}/${name}`, division: city } as const;
    const last = await trx
      .selectFrom("audit")
      .select("details")
      .where("subject", "=", subject.subject)
      .where("subject_id", "=", subject.subjectId)
      .orderBy("seq", "desc")
      .limit(1)
      .executeTakeFirst();
    if (last?.details.includes(sha256)) continue;
    const version = typeof content === "object" && "version" in content ? String(content.version) : "";
    const action = last === undefined ? "add" : "change";
    await appendAudit(trx, { at, actor: SYSTEM, ...subject, action, details: { version, sha256 } });
  }
}
