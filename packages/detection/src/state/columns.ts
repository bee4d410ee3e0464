import type { Shape } from "./shape.ts";

/** "Never" among tick numbers. */
export const NEVER = -(2 ** 31);
type Column = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;
export type Columns = Readonly<Record<string, Column>>;

const floats = (n: number, fill = 0) => new Float32Array(n).fill(fill);
const ticks = (n: number) => new Int32Array(n).fill(NEVER);
const NONE = Number.NaN;

/** Hours over which a device's creeping is watched. Ours. */
export const CREEP_HOURS = 6;

/** State of one observed property of all stations, a column per variable, stations in the order of their ids.
 *  Columns with several entries per station keep them together. Everything is in the property's unit unless said. */
export function createChannelColumns(n: number, shape: Shape) {
  return {
    /** Values waiting for their tick to close, by tick modulo length; NaN = none. */
    pending: floats(n * shape.pending, NONE),
    /** Value of the last tick that had one, usable or not; usable value of this tick, NaN = none. */
    raw: floats(n, NONE),
    x: floats(n, NONE),
    /** Usable values of the last five minutes. */
    recent: floats(n * shape.recent, NONE),

    // Quality control
    firstTick: ticks(n),
    lastTick: ticks(n),
    last: floats(n, NONE),
    beforeLast: floats(n, NONE),
    spikeUntil: ticks(n),
    rateUntil: ticks(n),
    flatMin: floats(n, NONE),
    flatMax: floats(n, NONE),
    flatSteps: new Int32Array(n),
    /** Range of the background since the flat run began. */
    flatBackgroundMin: floats(n, NONE),
    flatBackgroundMax: floats(n, NONE),
    /** Usual step between two of its values: the device's resolution at least; and how often it repeats itself. */
    usualStep: floats(n, NONE),
    repeats: floats(n, 1),
    zeroTicks: new Int32Array(n),
    unitTicks: new Int32Array(n),
    invertedTicks: new Int32Array(n),
    noiseTicks: new Int32Array(n),
    /** Slow means of the squared differences, and of the product of successive differences. */
    differenceSquare: floats(n),
    differenceProduct: floats(n),
    difference: floats(n, NONE),
    /** Range of the last six hours, by the hour. */
    hourMin: floats(n * 6, NONE),
    hourMax: floats(n * 6, NONE),
    hour: ticks(n),
    /** Bits of the tests that speak now, and those last published. */
    tests: new Uint32Array(n),
    /** Bits that the slow tests found, for the next tick. */
    slowTests: new Uint32Array(n),
    published: new Uint32Array(n),
    publishedFlag: new Uint8Array(n),
    /** Device check by the decision (steady or erratic increment), until this tick. */
    deviceCheckUntil: ticks(n),

    // Increment
    median: floats(n, NONE),
    base: floats(n, NONE),
    rise: floats(n),
    background: floats(n, NONE),
    backgroundSlow: floats(n, NONE),
    backgroundRing: floats(n * shape.trend, NONE),
    neighbours: new Uint8Array(n),
    neighbourRise: floats(n),
    scatter: floats(n),
    /** 1 in a regional zone; 1 where a neighbour stands in one: a front may be on its way. */
    regional: new Uint8Array(n),
    nearRegional: new Uint8Array(n),
    samples: new Int32Array(n),
    offset: floats(n),
    offsetReference: floats(n),
    hourOffsets: floats(n * 24),
    hourSamples: floats(n * 24),
    scale: floats(n),
    gain: floats(n, 1),
    gainMeanB: floats(n, NONE),
    gainVariance: floats(n),
    gainCovariance: floats(n),

    // The device, by the hour
    /** Samples of the running hour, and those of them that tell about the device; sums of the latter. */
    hourTicks: new Int32Array(n),
    tellingTicks: new Int32Array(n),
    hourResidual: floats(n),
    tellingResidual: floats(n),
    tellingX: floats(n),
    tellingBackground: floats(n),
    /** Mean residuals of the last hours, by hour modulo length; NaN = not known. */
    residualHours: floats(n * CREEP_HOURS, NONE),
    /** Mean residual of about half an hour. */
    lean: floats(n),
    creepUntil: ticks(n),
    /** Change per hour when it was last seen creeping. */
    creepPerHour: floats(n),
    bias: floats(n),
    biasBackground: floats(n, NONE),
    driftMeanX: floats(n, NONE),
    driftMeanB: floats(n, NONE),
    driftVarianceX: floats(n),
    driftVarianceB: floats(n),
    driftCovariance: floats(n),
    /** Hours that told so far, and those of late in which slope or offset were off. */
    driftSamples: new Int32Array(n),
    driftHours: new Int32Array(n),
    attenuatedHours: new Uint8Array(n),

    // Decision
    residual: floats(n, NONE),
    /** Median of the residuals of the last seven minutes: what the decision looks at. */
    lasting: floats(n, NONE),
    sigma: floats(n),
    z: floats(n),
    threshold: floats(n),
    term: new Uint8Array(n),
    ez: floats(n),
    /** The last 64 ticks, newest in the lowest bit of hotLow. */
    hotLow: new Uint32Array(n),
    hotHigh: new Uint32Array(n),
    increments: floats(n * shape.history, NONE),
    /** By hour of the day: share of its days on which something showed that nobody was sent for, and how many days that
     *  is; ticks of it in the running hour. */
    habit: floats(n * 24),
    habitDays: new Uint8Array(n * 24),
    habitTicks: new Uint8Array(n),
    /** 1 while the channel belongs to an open local episode, 2 where it is confirmed: then it teaches nothing. */
    inEpisode: new Uint8Array(n),
  } satisfies Columns;
}
export type ChannelColumns = ReturnType<typeof createChannelColumns>;

/** Delays kept per station: their median is the clock's skew. One a minute; ours. */
export const DELAYS = 15;

/** State of the stations themselves. */
export function createStationColumns(n: number, shape: Shape) {
  return {
    latestTick: ticks(n),
    /** Tick of the last reading that came in time, and of the last that came late. */
    heardTick: ticks(n),
    lateTick: ticks(n),
    firstTick: ticks(n),
    /** resultTime - phenomenonTime, s, one per minute of arrival. */
    delays: floats(n * DELAYS, NONE),
    delayMinute: ticks(n),
    delayCount: new Int32Array(n),
    skew: floats(n, NONE),
    /** m/s towards east and north (where the air goes), by tick modulo length. */
    windEast: floats(n * shape.history, NONE),
    windNorth: floats(n * shape.history, NONE),
    /** Per cent, by tick modulo length, of the last six minutes. */
    humidity: floats(n * HUMIDITY_TICKS, NONE),
    clockTests: new Uint32Array(n),
    /** 1 where a sensor of the device is known to talk nonsense: none of its others is believed. */
    doubted: new Uint8Array(n),
    /** What the station sent in this tick, as one number, 0 for nothing; which other sent the same, -1 for none, and for how
     *  many ticks in a row. */
    fingerprint: new Uint32Array(n),
    twin: new Int32Array(n).fill(-1),
    twinTicks: new Int32Array(n),
    feedTests: new Uint32Array(n),
    /** Tick of the last jump of humidity, of the last event of mist, and how many of late. */
    mistFrom: ticks(n),
    mistLast: ticks(n),
    mistCount: new Int32Array(n),
    /** Values of the pending ticks, beside the channels'. */
    pendingHumidity: floats(n * shape.pending, NONE),
    pendingWindEast: floats(n * shape.pending, NONE),
    pendingWindNorth: floats(n * shape.pending, NONE),
    /** phenomenonTime of the reading that a tick has, epoch ms, by tick modulo length; of an older tick where it has none. */
    readingTime: new Float64Array(n * shape.pending).fill(NONE),
  } satisfies Columns;
}
export type StationColumns = ReturnType<typeof createStationColumns>;
/** Five minutes of humidity and the one before. */
export const HUMIDITY_TICKS = 6;
