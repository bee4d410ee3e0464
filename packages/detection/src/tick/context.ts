import type { DivisionCode } from "@hotgrid/contracts";
import type { Geography } from "../geography.ts";
import type { DetectionRules } from "../rules/detection-rules.ts";
import type { Network } from "../state/network.ts";
import type { Clockwork } from "./clockwork.ts";

/** What every stage of a tick needs, and nothing that changes within it. */
export interface TickContext {
  readonly tick: number;
  readonly network: Network;
  readonly rules: DetectionRules;
  readonly work: Clockwork;
  readonly geography: Geography;
  readonly city: DivisionCode;
  /** Hour of the day in the city's time, 0 to 23. */
  readonly hour: number;
  /** Per channel, the stations that are hot, in an episode, or carry much evidence. */
  readonly look: readonly (readonly number[])[];
}

/** Start of a tick, epoch ms: the time that events and episodes carry. */
export const timeOf = (context: Pick<TickContext, "work">, tick: number): number => tick * context.work.shape.tickMs;

export const minutesOf = (context: Pick<TickContext, "work">, ticks: number): number =>
  ticks * context.work.shape.tickMinutes;
