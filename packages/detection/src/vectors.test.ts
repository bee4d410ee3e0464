import { existsSync, readFileSync } from "node:fs";
import type { QcFlag } from "@hotgrid/contracts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { plumeConcentration, type Stability, sigmaY, sigmaZ } from "./plume/pasquill-gifford.ts";
import { plumeAxes } from "./plume/plume-axes.ts";
import { aggregate, MISSING, NOT_EVALUATED } from "./quality/flags.ts";
import { extendFlatRun, flatFlag } from "./quality/flat-run.ts";
import { aboveLimits, grossRange, rateOfChange, spikeHeight } from "./quality/point-tests.ts";
import { localPlane } from "./space/local-plane.ts";
import { findNeighbours, NEIGHBOUR_SLOTS } from "./space/neighbours.ts";
import { ewma } from "./stats/decay.ts";

/** Test vectors of other implementations (their README names sources and licences): numbers only, not in this
 *  repository. What is not checked is listed with its reason, and counted, so that no case is lost in silence. */
const FOLDER = new URL("../../../../shared/data/detection/", import.meta.url);

const Fields = z.record(z.string(), z.unknown());
const Case = z.object({
  id: z.string(),
  fn: z.string(),
  input: Fields,
  params: Fields.default({}),
  expected: z.unknown().optional(),
});
type Case = z.infer<typeof Case>;
const casesOf = (file: string): Case[] =>
  z.object({ cases: z.array(Case) }).parse(JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"))).cases;
const numbers = (values: unknown): number[] =>
  z
    .array(z.number().nullable())
    .parse(values)
    .map((v) => v ?? Number.NaN);
const number = (value: unknown): number => z.number().parse(value);
const numberOrNull = (value: unknown): number | null => z.number().nullish().parse(value) ?? null;
const stabilityOf = (value: unknown): Stability => z.enum(["A", "B", "C", "D", "E", "F"]).parse(value);
const Flags = z.array(z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(9)]));
const limit = (value: number | null): number => value ?? Number.POSITIVE_INFINITY;

function spikeSeries(values: number[], suspect: number | null, fail: number | null): QcFlag[] {
  return values.map((x, i) => {
    if (Number.isNaN(x)) return MISSING;
    const height = spikeHeight(values[i - 1] ?? Number.NaN, x, values[i + 1] ?? Number.NaN);
    return Number.isNaN(height) ? NOT_EVALUATED : aboveLimits(height, limit(suspect), limit(fail));
  });
}

function rateSeries(values: number[], times: number[], suspect: number, fail: number | null): QcFlag[] {
  return values.map((x, i) => {
    if (Number.isNaN(x)) return MISSING;
    const seconds = (times[i] ?? 0) - (times[i - 1] ?? 0);
    return aboveLimits(rateOfChange(values[i - 1] ?? Number.NaN, x, seconds), suspect, limit(fail));
  });
}

function flatSeries(values: number[], times: number[], suspect: number, fail: number, tolerance: number): QcFlag[] {
  const run = { min: Number.NaN, max: Number.NaN, steps: 0 };
  const interval = (times[1] ?? 1) - (times[0] ?? 0);
  return values.map((x) => {
    if (Number.isNaN(x)) return MISSING;
    extendFlatRun(run, x, tolerance);
    return flatFlag(run.steps, interval, suspect, fail);
  });
}

/** Neighbours within the radius, among the points with coordinates. */
function neighbourCounts(lats: number[], lons: number[], radius: number): number[] {
  const plane = localPlane(lats[0] ?? 0);
  const { index } = findNeighbours(Float64Array.from(lons, plane.x), Float64Array.from(lats, plane.y), radius);
  return lats.map(
    (_, s) => index.subarray(s * NEIGHBOUR_SLOTS, (s + 1) * NEIGHBOUR_SLOTS).filter((i) => i >= 0).length,
  );
}

type Check = (c: Case) => void;
const CHECKS: Record<string, Check> = {
  gross_range_test: ({ input, params, expected }) => {
    const [failMin = 0, failMax = 0] = numbers(params["fail_span"]);
    const [suspectMin = 0, suspectMax = 0] = numbers(params["suspect_span"]);
    const flags = numbers(input["inp"]).map((x) => grossRange(x, failMin, failMax, suspectMin, suspectMax));
    expect(flags).toEqual(expected);
  },
  spike_test: ({ input, params, expected }) => {
    const limits = [numberOrNull(params["suspect_threshold"]), numberOrNull(params["fail_threshold"])] as const;
    expect(spikeSeries(numbers(input["inp"]), ...limits)).toEqual(expected);
  },
  rate_of_change_test: ({ input, params, expected }) => {
    const limits = [number(params["threshold"]), numberOrNull(params["fail_threshold"])] as const;
    expect(rateSeries(numbers(input["inp"]), numbers(input["tinp"]), ...limits)).toEqual(expected);
  },
  flat_line_test: ({ input, params, expected }) => {
    const limits = [params["suspect_threshold"], params["fail_threshold"], params["tolerance"]].map(number);
    const [suspect = 0, fail = 0, tolerance = 0] = limits;
    expect(flatSeries(numbers(input["inp"]), numbers(input["tinp"]), suspect, fail, tolerance)).toEqual(expected);
  },
  qartod_compare: ({ input, expected }) => {
    const vectors = z.array(Flags).parse(input["vectors"]);
    expect(vectors[0]?.map((_, i) => aggregate(vectors.map((flags) => flags[i] ?? MISSING)))).toEqual(expected);
  },
  isolation_check: ({ input, params, expected }) => {
    const counts = neighbourCounts(numbers(input["lats"]), numbers(input["lons"]), number(params["radius"]));
    expect(counts.map((n) => (n < number(params["num_min"]) ? 1 : 0))).toEqual(expected);
  },
  num_neighbours: ({ input, params, expected }) => {
    const lats = [number(params["lat"]), ...numbers(input["lats"])];
    const lons = [number(params["lon"]), ...numbers(input["lons"])];
    expect(neighbourCounts(lats, lons, number(params["radius"]))[0]).toBe(expected);
  },
  pg_sigma_y: (c) => sigma(sigmaY, c),
  pg_sigma_z: (c) => sigma(sigmaZ, c),
  plume_conc_pg: ({ input, params, expected }) => {
    const km = number(input["x_km"]);
    const stability = stabilityOf(params["class"]);
    const [rate, height, wind] = [params["Q_g_s"], params["H_m"], params["u_m_s"]].map(number);
    const spreads = [sigmaY(stability, km), sigmaZ(stability, km)] as const;
    const found = plumeConcentration(
      rate ?? 0,
      wind ?? 0,
      number(input["y_m"]),
      number(input["z_m"]),
      height ?? 0,
      ...spreads,
    );
    const { g_m3, tol } = z.object({ g_m3: z.number(), tol: z.number() }).parse(expected);
    expect(Math.abs(found - g_m3)).toBeLessThan(tol);
  },
  plume_axes: ({ input, expected }) => {
    const [toEast = 0, toNorth = 0] = numbers(input["receptor_en"]);
    const [fromEast = 0, fromNorth = 0] = numbers(input["source_en"]);
    const { along, across } = plumeAxes(toEast - fromEast, toNorth - fromNorth, number(input["wind_from_deg"]));
    const wanted = z.object({ along_km: z.number(), cross_m: z.number(), tol: z.number() }).parse(expected);
    expect(Math.abs(along / 1000 - wanted.along_km)).toBeLessThan(wanted.tol);
    expect(Math.abs(across - wanted.cross_m)).toBeLessThan(wanted.tol);
  },
  ewma: ({ input, params, expected }) => {
    const wanted = z.object({ ewma: z.array(z.number()), tol: z.number() }).parse(expected);
    let mean = number(params["start"]);
    for (const [i, x] of numbers(input["values"]).entries()) {
      mean = ewma(mean, x, number(params["lambda"]));
      expect(Math.abs(mean - (wanted.ewma[i] ?? Number.NaN))).toBeLessThan(wanted.tol);
    }
  },
};

function sigma(spread: (stability: Stability, km: number) => number, { input, expected }: Case): void {
  const found = spread(stabilityOf(input["class"]), number(input["x_km"]));
  const { value, tol } = z.object({ value: z.number().nullable(), tol: z.number() }).parse(expected);
  if (value === null) expect(found).toBeNaN();
  else expect(Math.abs(found - value)).toBeLessThan(tol);
}

/** Why a case says nothing about this detector. */
const NOT_APPLICABLE: Record<string, string> = {
  climatology_test: "there is no climatology of a micro station; months are overrides of the rules",
  percentile_range_test: "needs the whole series; ours streams",
  attenuated_signal_test: "ours compares the range with the neighbours', not with fixed limits",
  time_gap_test: "silence is judged by the station's own interval, in minutes",
  data_reception_test: "age is the watermark's and the gateway's business",
  impossible_date_test: "the gateway refuses such times",
  buddy_check: "mean and standard deviation; ours is median and MAD with learned offsets",
  buddy_event_check: "as buddy_check",
  range_check: "as gross_range_test, with one pair of limits",
  duplicate_check: "the first reading of a minute wins; places may be shared",
  neighbours: "a list in the order of a tree; ours is by distance, its counts are checked",
  sct: "no optimal interpolation",
  plume_conc_briggs: "Briggs' rural sigmas are not used",
  wind_power_law: "stations measure the wind where the smoke is",
  p2_quantile: "no streaming quantile is used",
  cusum_tabular: "evidence decays, it is no cumulative sum",
};
const exception = ({ id, params }: Case): string | null => {
  if (params["method"] === "differential") return "the differential form is not used";
  if (id.includes("with_spike")) return "tolerance above the signal's steps: a run of O(1) state starts anew instead";
  if (id.includes("flat_line_missing")) return "upstream's window counts gaps as flat; ours counts what was measured";
  const irregular = params["vertical_radius"] !== undefined || Array.isArray(params["num_min"]);
  if (id.startsWith("isolation_check.yml") || id.startsWith("nan_dataset") || irregular) {
    return "heights, missing coordinates and a radius per station are not ours";
  }
  return null;
};

const FILES = [
  "ioos_qc.qartod.json",
  "ioos_qc.time.json",
  "titanlib.spatial.json",
  "plume.json",
  "streaming_stats.json",
];
const present = existsSync(FOLDER);
const all = present ? FILES.flatMap(casesOf) : [];
const applicable = all.filter((c) => CHECKS[c.fn] && !exception(c));

describe.skipIf(!present)("vectors of other implementations (skipped where ../shared/data/detection is absent)", () => {
  test.each(applicable.map((c) => [c.id, c] as const))("%s", (_id, c) => CHECKS[c.fn]?.(c));

  test("every case is checked or has its reason", () => {
    const left = all.filter((c) => !applicable.includes(c) && !NOT_APPLICABLE[c.fn] && !exception(c));
    expect(left.map((c) => c.id)).toEqual([]);
    expect(applicable.length).toBeGreaterThan(70);
  });
});
