import { BIT, FAULTS } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { CREEP_HOURS } from "../state/columns.ts";
import { type Frame, isSurrounded, slotOf } from "./frame.ts";

/** What a channel and its neighbours showed in an hour, means in the property's unit. */
export interface HourMeans {
  /** Without its own daily pattern. */
  readonly x: number;
  readonly background: number;
  readonly residual: number;
}

/** Residuals are clipped here, in delta: an hour of smoke is no bias. Ours. */
const CLIPPED_RESIDUAL = 4;
/** Share of an hour that must tell. Ours. */
const FEWEST_SHARE = 0.5;
/** A fault that speaks says what it is itself: its minutes must not linger in the slow statistics after a repair. */
const OTHER_FAULTS = FAULTS & ~(BIT.bias | BIT.drift | BIT.inverted);

/** Slow tests compare with neighbours within the radius of the rules: what stands further is other air. */
export const compares = (frame: Frame, s: number): boolean =>
  isSurrounded(frame, s) && (frame.network.remoteness[s] as number) <= 1;

/** Adds a tick to the running hour. What is of a known fault says nothing new about the device; what is regional or of an
 *  episode says nothing about its bias and slope. */
export function gather(frame: Frame, s: number, own: ChannelRules): void {
  const { columns: c, hour, notice } = frame;
  const residual = c.residual[s] as number;
  if (Number.isNaN(residual) || (c.tests[s] as number) & OTHER_FAULTS) return;
  const limit = CLIPPED_RESIDUAL * own.delta;
  const clipped = Math.max(-limit, Math.min(limit, residual));
  c.hourTicks[s] = (c.hourTicks[s] as number) + 1;
  c.hourResidual[s] = (c.hourResidual[s] as number) + clipped;
  const x = c.median[s] as number;
  if (c.inEpisode[s] || c.regional[s] || c.nearRegional[s] || notice || Number.isNaN(x)) return;
  c.tellingTicks[s] = (c.tellingTicks[s] as number) + 1;
  c.tellingResidual[s] = (c.tellingResidual[s] as number) + clipped;
  c.tellingX[s] = (c.tellingX[s] as number) + x - (c.hourOffsets[s * 24 + hour] as number);
  c.tellingBackground[s] = (c.tellingBackground[s] as number) + (c.background[s] as number);
}

/** Ends the hour: keeps its mean residual for the creeping test, and gives its means, or null where too little told. */
export function closeHour({ columns: c, work }: Frame, s: number, hour: number): HourMeans | null {
  const enough = Math.max(1, FEWEST_SHARE * work.ticks(60));
  const ticks = c.hourTicks[s] as number;
  const telling = c.tellingTicks[s] as number;
  c.residualHours[s * CREEP_HOURS + slotOf(hour, CREEP_HOURS)] =
    ticks < enough ? Number.NaN : (c.hourResidual[s] as number) / ticks;
  const means =
    telling < enough
      ? null
      : {
          x: (c.tellingX[s] as number) / telling,
          background: (c.tellingBackground[s] as number) / telling,
          residual: (c.tellingResidual[s] as number) / telling,
        };
  c.hourTicks[s] = 0;
  c.hourResidual[s] = 0;
  c.tellingTicks[s] = 0;
  c.tellingResidual[s] = 0;
  c.tellingX[s] = 0;
  c.tellingBackground[s] = 0;
  return means;
}
