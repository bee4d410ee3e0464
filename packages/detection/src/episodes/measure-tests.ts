import { PROPERTY_DEFINITIONS, type TestMeasure } from "@hotgrid/contracts";
import { type TestName, testNames } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import type { Channels } from "../state/network.ts";
import { neighboursRange, rangeOf } from "../tick/attenuation.ts";
import { allowedBias } from "../tick/bias.ts";
import { minutesOf, type TickContext, timeOf } from "../tick/context.ts";
import { LEAST_PACE } from "../tick/creep.ts";
import { allowedOffset, offsetMoved, slopeOf } from "../tick/drift.ts";
import { backgroundOf } from "../tick/frame.ts";
import { noiseFloorOf } from "../tick/noise.ts";
import { round } from "./evidence.ts";
import { hotWindow, variation } from "./steadiness.ts";

interface Subject {
  readonly context: TickContext;
  readonly channels: Channels;
  readonly s: number;
  readonly own: ChannelRules;
}

/** Value and limit, with the unit where it is not the property's; since which tick where the test knows. */
interface Measure {
  readonly value: number;
  readonly limit: number;
  readonly unit?: string;
  readonly since?: number;
}

/** The tests of `bits` with what they measure at this tick. `since`: the first tick of the fault. */
export function measureTests(
  context: TickContext,
  channels: Channels,
  s: number,
  bits: number,
  since: number,
): TestMeasure[] {
  const own = channels.rules[s];
  if (!own) return [];
  const { property } = channels;
  return testNames(bits).flatMap((name) => {
    const measure = MEASURES[name]?.({ context, channels, s, own });
    if (!measure) return [];
    return {
      name,
      observedProperty: property,
      since: timeOf(context, measure.since ?? since),
      value: round(measure.value),
      limit: round(measure.limit),
      unit: measure.unit ?? PROPERTY_DEFINITIONS[property].unit,
    };
  });
}

const run = ({ context }: Subject, ticks: number, limit: number): Measure => ({
  value: minutesOf(context, ticks),
  limit,
  unit: "min",
  since: context.tick - ticks + 1,
});

const columnsOf = ({ channels, context }: Subject) => ({ columns: channels.columns, rules: context.rules });

const MEASURES: Partial<Record<TestName, (subject: Subject) => Measure>> = {
  negative: ({ channels, s, own }) => ({ value: channels.columns.raw[s] as number, limit: own.rangeMin }),
  "fan-failure": ({ channels, s, own }) => ({ value: channels.columns.raw[s] as number, limit: own.suspectAbove }),
  "flat-line": (subject) => {
    const steps = subject.channels.columns.flatSteps[subject.s] as number;
    return run(subject, steps + 1, subject.own.flatFailMinutes);
  },
  zero: (subject) =>
    run(subject, subject.channels.columns.zeroTicks[subject.s] as number, subject.context.rules.quality.zeroMinutes),
  noise: (subject) => {
    const { columns } = subject.channels;
    const { s, own } = subject;
    const value = Math.sqrt(columns.differenceSquare[s] as number);
    return { value, limit: noiseFloorOf(columnsOf(subject), s, columns.raw[s] as number, own) };
  },
  attenuated: (subject) => {
    const { context, channels, s } = subject;
    const frame = { ...columnsOf(subject), network: context.network };
    const limit = neighboursRange(frame, s) / context.rules.quality.attenuatedRatio;
    return { value: rangeOf(channels.columns.hourMin, channels.columns.hourMax, s), limit };
  },
  inverted: (subject) => {
    const { context, channels, s } = subject;
    const fine = context.network.channels.find((c) => c.property === "pm25")?.columns.median[s] ?? Number.NaN;
    const ticks = channels.columns.invertedTicks[s] as number;
    const value = (channels.columns.median[s] as number) - fine;
    return { value, limit: -context.rules.quality.invertedMargin, since: context.tick - ticks + 1 };
  },
  bias: (subject) => ({
    value: subject.channels.columns.bias[subject.s] as number,
    limit: allowedBias(columnsOf(subject), subject.s, subject.own),
  }),
  drift: driftMeasure,
  "device-check": ({ context, channels, s }) => {
    const window = hotWindow(context, channels, s);
    const cv = variation(window);
    const { steadyCv } = context.rules.decision;
    if (cv !== null && cv < steadyCv) return { value: cv, limit: steadyCv, unit: "1" };
    return {
      value: window.hot > 0 ? window.middle : (channels.columns.residual[s] as number),
      limit: channels.columns.threshold[s] as number,
    };
  },
  "clock-skew": ({ context, s }) => ({
    value: context.network.columns.skew[s] as number,
    limit: context.rules.quality.skewFailSeconds,
    unit: "s",
  }),
  "unit-swap": (subject) => {
    const { channels, s } = subject;
    const background = backgroundOf(columnsOf(subject), s);
    return { value: (channels.columns.raw[s] as number) / background, limit: 1000, unit: "1" };
  },
  "foreign-feed": (subject) => {
    const { twinTicks } = subject.context.network.columns;
    return run(subject, twinTicks[subject.s] as number, subject.context.rules.quality.twinMinutes);
  },
};

/** The pace of what creeps, else the slope where it is off, else how far the offset has moved. */
function driftMeasure(subject: Subject): Measure {
  const { context, channels, s, own } = subject;
  const { columns } = channels;
  const { driftSlopeMin, driftSlopeMax } = context.rules.quality;
  if (context.tick < (columns.creepUntil[s] as number)) {
    const unit = `${PROPERTY_DEFINITIONS[channels.property].unit}/h`;
    return { value: columns.creepPerHour[s] as number, limit: LEAST_PACE * own.delta, unit };
  }
  const { slope } = slopeOf(columnsOf(subject), s, own);
  if (slope < driftSlopeMin) return { value: slope, limit: driftSlopeMin, unit: "1" };
  if (slope > driftSlopeMax) return { value: slope, limit: driftSlopeMax, unit: "1" };
  return { value: offsetMoved(columnsOf(subject), s), limit: allowedOffset(columnsOf(subject), s, own) };
}
