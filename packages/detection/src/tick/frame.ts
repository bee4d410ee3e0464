import type { DetectionRules } from "../rules/detection-rules.ts";
import type { ChannelColumns } from "../state/columns.ts";
import type { Channels, Network } from "../state/network.ts";
import type { Clockwork } from "./clockwork.ts";

/** One property's tick: what the functions of the stages share. */
export interface Frame {
  readonly channels: Channels;
  readonly columns: ChannelColumns;
  readonly network: Network;
  readonly tick: number;
  /** Hour of the day in the city's time. */
  readonly hour: number;
  readonly rules: DetectionRules;
  readonly work: Clockwork;
  /** A regional notice is open: more is asked of a local increment. */
  readonly notice: boolean;
}

/** Slot of a tick in a ring, for ticks before 1970 as well. */
export const slotOf = (tick: number, length: number): number => ((tick % length) + length) % length;

/** Is the background the neighbours' (and not, where too few report, the station's own slow baseline)? */
export const isSurrounded = ({ columns, rules }: Pick<Frame, "columns" | "rules">, s: number): boolean =>
  (columns.neighbours[s] as number) >= rules.background.fewestNeighbours;

/** What a station's increment stands on. */
export const backgroundOf = (frame: Pick<Frame, "columns" | "rules">, s: number): number =>
  (isSurrounded(frame, s) ? frame.columns.background[s] : frame.columns.base[s]) as number;
