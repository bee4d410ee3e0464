import type { AuditRecord } from "@hotgrid/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AUDIT_GENESIS, AuditWalk, auditHash, canonicalJson } from "./audit-chain.ts";

const {
  hash: _hash,
  previous: _previous,
  seq: _seq,
  ...CONTENT
} = {
  ...{ seq: 1, at: 1, account: "a", address: null, subject: "account", subjectId: "s", division: null, action: "add" },
  ...{ details: {}, previous: "", hash: "" },
} satisfies AuditRecord;

const Content = fc.record({
  at: fc.maxSafeInteger(),
  account: fc.string(),
  address: fc.option(fc.string()),
  subjectId: fc.string(),
  action: fc.string(),
  details: fc.dictionary(
    fc.string().filter((key) => key !== "__proto__"),
    fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
  ),
});
const Log = fc.array(Content, { minLength: 1, maxLength: 8 }).map((contents) => {
  const records: AuditRecord[] = [];
  for (const content of contents) {
    const previous = records.at(-1)?.hash ?? AUDIT_GENESIS;
    const record = { ...CONTENT, ...content, seq: records.length + 1, previous };
    records.push({ ...record, hash: auditHash(record) });
  }
  return records;
});

/** As verify() does, with the head that was stored when the log was whole. */
function judge(records: readonly AuditRecord[], whole: readonly AuditRecord[]) {
  const walk = new AuditWalk();
  for (const record of records) {
    const problem = walk.step(record);
    if (problem) return problem;
  }
  return walk.end({ count: whole.length, hash: whole.at(-1)?.hash ?? AUDIT_GENESIS });
}

describe("tampering is found, whatever the log says", () => {
  test("an untouched log is whole", () => {
    fc.assert(fc.property(Log, (log) => judge(log, log) === null));
  });

  test("a changed field", () => {
    const field = fc.constantFrom("at", "account", "address", "subjectId", "division", "action", "details", "previous");
    fc.assert(
      fc.property(Log, fc.nat(), field, (log, n, name) => {
        const victim = n % log.length;
        const forged = { at: -1, details: { forged: true } } as Record<string, unknown>;
        const changed = log.map((record, i) =>
          i === victim ? { ...record, [name]: forged[name] ?? "forged" } : record,
        );
        return judge(changed, log) !== null;
      }),
    );
  });

  test("a changed record whose own hash was written anew, unless it is the last: then by the head", () => {
    fc.assert(
      fc.property(Log, fc.nat(), (log, n) => {
        const changed = log.map((record, i) => {
          if (i !== n % log.length) return record;
          const forged = { ...record, account: `${record.account}!` };
          return { ...forged, hash: auditHash(forged) };
        });
        return judge(changed, log) !== null;
      }),
    );
  });

  test("removed records, anywhere and any number", () => {
    fc.assert(
      fc.property(Log, fc.nat(), fc.integer({ min: 1, max: 8 }), (log, n, count) => {
        const removed = log.toSpliced(n % log.length, count);
        return judge(removed, log) !== null;
      }),
    );
  });

  test("exchanged records, also when their numbers are exchanged back", () => {
    fc.assert(
      fc.property(Log, fc.nat(), fc.nat(), (log, n, m) => {
        const [i, j] = [n % log.length, m % log.length];
        fc.pre(i !== j);
        const order = log.map((_record, at) => log[at === i ? j : at === j ? i : at]);
        const exchanged = order.flatMap((record) => (record ? [record] : []));
        const renumbered = exchanged.map((record, at) => ({ ...record, seq: at + 1 }));
        return judge(exchanged, log) !== null && judge(renumbered, log) !== null;
      }),
    );
  });

  test("a record put in at the end with a right hash", () => {
    fc.assert(
      fc.property(Log, (log) => {
        const [first, last] = [log[0], log.at(-1)];
        if (!first || !last) return false;
        const extra = { ...first, seq: log.length + 1, previous: last.hash };
        return judge([...log, { ...extra, hash: auditHash(extra) }], log)?.kind === "beyond";
      }),
    );
  });

  test("canonical JSON is one text for one value and reads back as it", () => {
    fc.assert(
      fc.property(Content, ({ details }) => {
        const text = canonicalJson(details);
        const turned = Object.fromEntries(Object.entries(details).reverse());
        expect(canonicalJson(turned)).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(details)));
      }),
    );
  });
});
