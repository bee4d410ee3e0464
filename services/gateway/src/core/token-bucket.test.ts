import fc from "fast-check";
import { expect, test } from "vitest";
import { TokenBucket, TokenBuckets } from "./token-bucket.ts";

test("a burst passes at once, and what follows waits its turn", () => {
  const bucket = new TokenBucket({ burst: 10, perSecond: 5 }, 0);
  expect(bucket.take(10, 0)).toBe(0);
  expect(bucket.take(1, 0)).toBeUndefined();
  expect(bucket.take(5, 0, 1000)).toBe(1000);
  expect(bucket.take(1, 0, 1000)).toBeUndefined();
  expect(bucket.take(5, 2000)).toBe(0);
});

test("payers do not pay for each other", () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 1 });
  expect(buckets.take("a", 1, 0)).toBe(0);
  expect(buckets.take("a", 1, 0)).toBeUndefined();
  expect(buckets.take("b", 1, 0)).toBe(0);
});

test("nobody gets more than the burst and what time brings, whatever the order of asking", () => {
  const asks = fc.array(fc.record({ tokens: fc.nat(20), after: fc.nat(3000), wait: fc.nat(2000) }), { maxLength: 50 });
  fc.assert(
    fc.property(asks, (all) => {
      const bucket = new TokenBucket({ burst: 30, perSecond: 4 }, 0);
      let now = 0;
      let taken = 0;
      let usableFrom = 0;
      for (const { tokens, after, wait } of all) {
        now += after;
        const waitMs = bucket.take(tokens, now, wait);
        if (waitMs === undefined) continue;
        expect(waitMs).toBeLessThanOrEqual(wait);
        taken += tokens;
        usableFrom = Math.max(usableFrom, now + waitMs);
        expect(taken).toBeLessThanOrEqual(30 + (usableFrom / 1000) * 4 + 1e-6);
      }
    }),
  );
});
