import type { QcFlag } from "@hotgrid/contracts";
import { FAIL, MISSING, PASS, SUSPECT, worse } from "./flags.ts";

/** Tests by their bit. Names are what people and other programs read in events. */
const TESTS = [
  { name: "range", flag: FAIL },
  { name: "negative", flag: FAIL },
  { name: "range-suspect", flag: SUSPECT },
  { name: "fan-failure", flag: FAIL },
  { name: "spike", flag: SUSPECT },
  { name: "rate", flag: SUSPECT },
  { name: "flat-line-suspect", flag: SUSPECT },
  { name: "flat-line", flag: FAIL },
  { name: "zero", flag: FAIL },
  { name: "noise", flag: FAIL },
  { name: "attenuated", flag: SUSPECT },
  { name: "inverted", flag: SUSPECT },
  { name: "bias", flag: SUSPECT },
  { name: "drift", flag: SUSPECT },
  { name: "device-check", flag: SUSPECT },
  { name: "missing", flag: SUSPECT },
  { name: "outage", flag: MISSING },
  { name: "clock-skew-suspect", flag: SUSPECT },
  { name: "clock-skew", flag: FAIL },
  { name: "late", flag: SUSPECT },
  { name: "unit-swap", flag: FAIL },
  { name: "foreign-feed", flag: FAIL },
] as const satisfies readonly { name: string; flag: QcFlag }[];
export type TestName = (typeof TESTS)[number]["name"];

const entries = TESTS.map((test, i) => [test.name, 1 << i] as const);
export const BIT = Object.fromEntries(entries) as Readonly<Record<TestName, number>>;
const mask = (...names: TestName[]) => names.reduce((bits, name) => bits | BIT[name], 0);

/** With one of these the value is no measurement: it neither decides nor speaks for the background. */
export const UNUSABLE =
  mask("range", "negative", "fan-failure", "flat-line", "zero", "noise", "outage", "clock-skew") |
  mask("unit-swap", "foreign-feed");
/** What the slow tests and the decision find out about a device. */
const DOUBTED = mask("attenuated", "bias", "drift", "device-check");
/** With one of these the value can't be hot. Spike, rate and the suspect range are missing here by intent: a real
 *  plume looks like a spike, and smoke near its source goes over the range of everyday air. */
export const NEVER_HOT = UNUSABLE | DOUBTED | BIT["flat-line-suspect"];
/** Such a station doesn't speak for its neighbours' background. */
export const UNHEALTHY = UNUSABLE | DOUBTED;
/** What a device fault rests on. Above its range is not among them: dense smoke may be. */
export const FAULTS =
  mask("negative", "fan-failure", "flat-line", "zero", "noise", "attenuated", "inverted", "bias") |
  mask("drift", "device-check", "clock-skew", "unit-swap", "foreign-feed");
/** With one of these the device makes up what it sends. */
export const MAKES_UP = mask("noise", "device-check");
/** Late readings change nothing decided. */
export const NOT_DECIDING = mask("late", "clock-skew-suspect");

export function testNames(bits: number): TestName[] {
  return TESTS.filter((_, i) => bits & (1 << i)).map((test) => test.name);
}

/** The flag that a set of tests gives: an outage is missing, whatever else was last known. */
export function flagOf(bits: number): QcFlag {
  if (bits & BIT.outage) return MISSING;
  return TESTS.reduce<QcFlag>((flag, test, i) => (bits & (1 << i) ? worse(flag, test.flag) : flag), PASS);
}
