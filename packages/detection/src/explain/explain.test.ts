import type { Evidence } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import type { EpisodeRecord } from "../episodes/record.ts";
import { type ExplainInput, explain } from "./explain.ts";

const record: EpisodeRecord = {
  id: "local-pm25-S1-1",
  kind: "local",
  started: 0,
  confirmed: 9,
  ended: null,
  property: "pm25",
  properties: ["pm25"],
  stations: ["S1"],
  members: [],
  peak: 100,
  peakExcess: 62,
  background: 38,
  peakStation: "S1",
  evidence: null,
  source: { lon: 120.5, lat: 30, radius50Metres: 430, radius90Metres: 900, divisions: [] },
  sourceTick: 9,
  base: 0,
  height: 0,
  lastSeen: 9,
  reason: "held",
  revision: 0,
  published: null,
};
const input = (change: Partial<ExplainInput>): ExplainInput => ({
  ...{ record, stationName: "一号站", placeName: "华舍街道西村", likely: [], isLocating: false, minutes: 9 },
  ...change,
});
const likely = (...probabilities: number[]) =>
  probabilities.map((probability, i) => ({
    name: ["华舍街道西村", "华舍街道东村", "柯桥街道北村"][i] ?? "",
    probability,
  }));

test.each([
  ["sure", likely(0.8, 0.2), /；很可能来自华舍街道西村一带；/, /most probably from 华舍街道西村;/],
  [
    "even",
    likely(0.5, 0.3),
    /；可能来自华舍街道西村一带，也可能是华舍街道东村一带；/,
    /; probably from .*, or else 华舍街道东村;/,
  ],
  ["unsure", likely(0.2, 0.15), /；把握不大，可能来自华舍街道西村一带，也可能是/, /perhaps \(not sure\) from/],
  ["only one village", likely(0.5, 0.04), /；可能来自华舍街道西村一带；/, /; probably from 华舍街道西村;/],
])("how sure it is reads in plain words: %s", (_, villages, zh, en) => {
  const said = explain(input({ likely: villages }));
  expect(said.zh).toMatch(zh);
  expect(said.en).toMatch(en);
  expect(said.zh).toContain("先看标出地点周围 400 米");
});

test("outside every village the marked place is all that is said", () => {
  expect(explain(input({})).zh).not.toContain("来自");
});

test("while the source is looked for, the upwind side of the station is what is known", () => {
  const evidence: Evidence = {
    ...{
      stationId: "S1",
      observedProperty: "pm25",
      at: 0,
      value: 100,
      background: 38,
      excess: 62,
      threshold: 15,
      z: 9,
    },
    ...{ thresholdTerm: "smallest-increment", hotMinutes: 9, steadiness: null, neighbours: [], otherProperties: [] },
    ...{ wind: { speed: 1.8, direction: 135, directionSpread: 20 }, notes: [] },
  };
  const looking = { ...record, source: null, evidence: evidence };
  expect(explain(input({ record: looking, isLocating: true })).zh).toContain(
    "；正在推算来源，请先查看上风向（监测站东南方）的华舍街道西村一带",
  );
  expect(explain(input({ record: looking })).zh).toContain("看不出从哪来，请先查看华舍街道西村一带");
});

test("without an estimate the reason is said only where somebody is sent", () => {
  const of = (confirmed: number | null) => explain(input({ record: { ...record, source: null, confirmed } })).zh;
  expect(of(9)).toContain("看不出从哪来，请先查看华舍街道西村");
  expect(of(null)).toContain("；请先查看华舍街道西村");
});
