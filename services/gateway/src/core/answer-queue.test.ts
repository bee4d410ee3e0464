import fc from "fast-check";
import { expect, test } from "vitest";
import { AnswerQueue } from "./answer-queue.ts";

const puback = (id: number): number[] => [0x40, 2, id >> 8, id & 0xff];

test("a PUBACK waits for those before it", () => {
  const queue = new AnswerQueue();
  const [first, second, third] = [queue.add(1), queue.add(2), queue.add(65_535)];
  second();
  expect([...queue.take()]).toEqual([]);
  first();
  expect([...queue.take()]).toEqual([...puback(1), ...puback(2)]);
  expect(queue.size).toBe(1);
  third();
  expect([...queue.take()]).toEqual(puback(65_535));
});

test("what came with QoS 0 has no answer and holds up nobody once it is durable", () => {
  const queue = new AnswerQueue();
  const [unanswered, answered] = [queue.add(null), queue.add(7)];
  answered();
  expect([...queue.take()]).toEqual([]);
  unanswered();
  expect([...queue.take()]).toEqual(puback(7));
});

test("in whatever order publishes become durable, each is answered once and in its own order", () => {
  const cases = fc.array(fc.integer({ min: 1, max: 65_535 }), { maxLength: 50 });
  const property = fc.property(cases, fc.infiniteStream(fc.nat()), (ids, picks) => {
    const queue = new AnswerQueue();
    const open = ids.map((id) => queue.add(id));
    const sent: number[] = [];
    for (const pick of picks) {
      if (open.length === 0) break;
      open.splice(pick % open.length, 1)[0]?.();
      sent.push(...queue.take());
    }
    expect(sent).toEqual(ids.flatMap(puback));
    expect(queue.size).toBe(0);
  });
  fc.assert(property);
});
