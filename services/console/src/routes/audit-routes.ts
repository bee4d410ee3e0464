import { AuditRecord, AuditSubject, DivisionCode, IsoTime, page } from "@hotgrid/contracts";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { QueryTime } from "../core/query-time.ts";
import { visiblePart } from "../core/visibility.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { asked, given, pageQuery } from "./list-query.ts";

const AuditQuery = z.strictObject({
  division: DivisionCode.optional(),
  subject: AuditSubject.optional(),
  /** Of the subject, e.g. a ticket's. */
  id: z.string().min(1).max(120).optional(),
  /** Who made the change. */
  account: z.string().min(1).max(80).optional(),
  from: QueryTime.optional(),
  to: QueryTime.optional(),
  ...pageQuery,
});

const AuditView = AuditRecord.extend({ at: IsoTime });

/** Who is answerable for a division may see what was done in it; what belongs to no division, who has the city. */
export function auditRoutes(app: ConsoleApp, { audit, iso }: ConsoleContext): void {
  app.get(
    "/audit",
    {
      config: { roles: ["supervisor", "administrator"] },
      schema: {
        tags: ["operation"],
        summary: "审计日志,最近的在前 Who changed what, newest first",
        querystring: AuditQuery,
        response: { 200: page(AuditView) },
      },
    },
    async (request) => {
      const { division: wanted, id: subjectId, limit, ...filter } = request.query;
      const division = visiblePart(accountOf(request), wanted);
      if (division === null) return { items: [], nextCursor: null };
      const found = await asked(audit.list({ division, ...given({ subjectId, ...filter }), limit }));
      return { items: found.items.map((record) => ({ ...record, at: iso(record.at) })), nextCursor: found.nextCursor };
    },
  );
}
