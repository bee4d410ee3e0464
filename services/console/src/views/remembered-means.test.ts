import type { HourlyMeansQuery } from "@hotgrid/store";
import { expect, test } from "vitest";
import { RememberedMeans } from "./remembered-means.ts";

const station = { id: "a", intervalSeconds: 60 } as never;
const span = { property: "pm25", from: 0, to: 3_600_000 } as const;

/** A store that counts what it is asked. */
function counted(answer: () => Promise<ReadonlyMap<string, { hours: number; mean: number }>>) {
  const asked: HourlyMeansQuery[] = [];
  const hourlyMeans = (query: HourlyMeansQuery) => {
    asked.push(query);
    return answer();
  };
  return { asked, means: new RememberedMeans({ hourlyMeans }, { all: () => [station] }) };
}

test("the same question, also while the first is being answered, is one walk; another one is another", async () => {
  const { asked, means } = counted(async () => new Map([["a", { hours: 1, mean: 7 }]]));
  const [first, second] = await Promise.all([means.get(span), means.get(span)]);
  expect(first.get("a")).toEqual({ hours: 1, mean: 7 });
  expect(second).toBe(first);
  expect(asked).toEqual([{ ...span, stations: [{ stationId: "a", least: 45 }] }]);
  await means.get({ ...span, property: "no2" });
  expect(asked).toHaveLength(2);
});

test("what failed is told to who asked, and asked for again", async () => {
  let fails = true;
  const { asked, means } = counted(async () => {
    if (fails) throw new Error("away");
    return new Map();
  });
  await expect(means.get(span)).rejects.toThrow("away");
  fails = false;
  expect((await means.get(span)).size).toBe(0);
  expect(asked).toHaveLength(2);
});

test("seventeen questions are not all remembered: the first is asked again", async () => {
  const { asked, means } = counted(async () => new Map());
  for (let hour = 0; hour < 17; hour++) await means.get({ ...span, to: (hour + 1) * 3_600_000 });
  await means.get({ ...span, to: 17 * 3_600_000 });
  expect(asked).toHaveLength(17);
  await means.get(span);
  expect(asked).toHaveLength(18);
});
