import fc from "fast-check";
import { expect, test } from "vitest";
import { DeliveryLedger } from "./delivery-ledger.ts";

type Step = { do: "deliver" | "settle" | "refuse"; pick: number };
const steps = fc.array(
  fc.record({ do: fc.constantFrom<Step["do"]>("deliver", "settle", "refuse"), pick: fc.nat(20) }),
  { maxLength: 60 },
);

test("whatever happens, every message is settled, due, or not yet delivered; and a restart forgets nothing", () => {
  fc.assert(
    fc.property(steps, (run) => {
      let ledger = new DeliveryLedger({ nextSeq: 1, unsettled: [], subject: undefined });
      const settled = new Set<number>();
      const attempts = new Map<number, number>();
      for (const step of run) {
        const inHand = ledger.cursor.unsettled.map(([seq]) => seq);
        const seq = inHand[step.pick % Math.max(1, inHand.length)];
        if (step.do === "deliver") {
          const next = ledger.due(0, 1)[0] ?? ledger.nextSeq;
          expect(ledger.deliver(next, 100)).toBe((attempts.get(next) ?? 0) + 1);
          attempts.set(next, (attempts.get(next) ?? 0) + 1);
        } else if (seq !== undefined && step.do === "settle") settled.add(seq) && ledger.settle(seq);
        else if (seq !== undefined) ledger.postpone(seq, 0);
      }
      ledger = new DeliveryLedger(JSON.parse(JSON.stringify(ledger.cursor)));
      const due = ledger.due(0, Number.POSITIVE_INFINITY);
      const all = Array.from({ length: ledger.nextSeq - 1 }, (_, i) => i + 1);
      expect(due).toEqual(all.filter((seq) => !settled.has(seq)));
      for (const seq of due) expect(ledger.attempts(seq)).toBe(attempts.get(seq));
    }),
  );
});

test("a message settled twice is settled once, and can't be postponed any more", () => {
  const ledger = new DeliveryLedger({ nextSeq: 1, unsettled: [], subject: undefined });
  ledger.deliver(1, 5);
  expect(ledger.nextDue()).toBe(5);
  expect([ledger.settle(1), ledger.settle(1), ledger.postpone(1, 0)]).toEqual([true, false, false]);
  expect(ledger.nextDue()).toBeUndefined();
});
