import { SystemClock } from "@hotgrid/runtime";
import { expect, test } from "vitest";
import { AuditStore } from "./audit-store.ts";
import { type RuleFiles, recordRules } from "./record-rules.ts";
import { openTestDatabase } from "./testing/open-test-database.ts";

test("what a city decides by is in the audit log when it changes, and only then; the order of fields is no change", async () => {
  const db = await openTestDatabase();
  const start = (files: RuleFiles, city = "330600") =>
    db.transaction().execute((trx) => recordRules(trx, city, files, new SystemClock().now()));
  await start({ policy: { version: "1", limits: [1, 2] }, notification: null });
  await start({ policy: { limits: [1, 2], version: "1" } });
  await start({ policy: { version: "1", limits: [2, 1] } });
  await start({ policy: { version: "1", limits: [1, 2] } });
  await start({ policy: { version: "1", limits: [1, 2] } }, "330100");
  const audit = new AuditStore(db);
  const { items } = await audit.list({ division: "330600", subject: "rules", limit: 10 });
  expect(items.toReversed().map(({ subjectId, action }) => `${subjectId} ${action}`)).toEqual([
    ...["330600/policy add", "330600/policy change", "330600/policy change"],
  ]);
  expect(new Set(items.map(({ details }) => details["sha256"])).size).toBe(2);
  expect((await audit.verify()).problem).toBeNull();
  await db.destroy();
});
