import { BIT } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { ewma } from "../stats/decay.ts";
import { attenuated } from "./attenuation.ts";
import { bias } from "./bias.ts";
import { creeping } from "./creep.ts";
import { drift } from "./drift.ts";
import type { Frame } from "./frame.ts";
import { closeHour, compares, gather } from "./hour-means.ts";

const HOUR_MS = 3_600_000;
const SLOW = BIT.attenuated | BIT.bias | BIT.drift;

/** The slow tests, which need near neighbours and hours or days: bits for the next ticks, told once an hour. */
export function assessDevices(frame: Frame): void {
  const { columns: c, network, tick, work } = frame;
  const hour = Math.floor((tick * work.shape.tickMs) / HOUR_MS);
  const isOver = Math.floor(((tick + 1) * work.shape.tickMs) / HOUR_MS) !== hour;
  for (let s = 0; s < network.stations.length; s++) {
    keepChecking(frame, s);
    keepLean(frame, s);
    if (!compares(frame, s)) continue;
    const own = frame.channels.rules[s] as ChannelRules;
    gather(frame, s, own);
    if (isOver) c.slowTests[s] = ((c.slowTests[s] as number) & ~SLOW) | told(frame, s, own, hour);
  }
}

/** What an hour that is over tells. */
function told(frame: Frame, s: number, own: ChannelRules, hour: number): number {
  const means = closeHour(frame, s, hour);
  const silent = Number.isNaN(frame.columns.residual[s] as number);
  const blocked = silent ? (frame.columns.slowTests[s] as number) & BIT.attenuated : attenuated(frame, s, own);
  return blocked | bias(frame, s, own, means) | drift(frame, s, own, means) | creeping(frame, s, own, hour);
}

function keepLean({ columns: c, work }: Frame, s: number): void {
  const residual = c.residual[s] as number;
  if (!Number.isNaN(residual)) c.lean[s] = ewma(c.lean[s] as number, residual, work.noise);
}

/** A device that was caught is asked again when its increment has been gone for so long. min, ours. */
const CHECK_AGAIN_MINUTES = 60;
/** Share of the threshold above which the increment still stands. Ours. */
const STANDS = 0.5;

function keepChecking({ columns: c, tick, work }: Frame, s: number): void {
  if (!((c.tests[s] as number) & BIT["device-check"])) return;
  const lasting = (c.residual[s] as number) - (c.x[s] as number) + (c.median[s] as number);
  if (!(lasting > STANDS * (c.threshold[s] as number))) return;
  c.deviceCheckUntil[s] = Math.max(c.deviceCheckUntil[s] as number, tick + work.ticks(CHECK_AGAIN_MINUTES));
}
