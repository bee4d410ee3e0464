import type { Channels } from "../state/network.ts";
import { minutesOf, type TickContext } from "../tick/context.ts";
import { slotOf } from "../tick/frame.ts";

/** Sunk is further below the background than noise goes: so many σ, and half of the threshold. Ours. */
const SUNK_SIGMAS = 2;
const SUNK_SHARE_OF_THRESHOLD = 0.5;

/** Did it lie deep below its background for minutes of late? Air that is cleaner than everywhere around does not turn into
 *  smoke; a loose contact that shows a third of the air, and then within a minute twice as much, does. */
export function wasSunk(context: TickContext, { columns: c }: Channels, s: number): boolean {
  const { history } = context.work.shape;
  const { sunkMinutes, sunkWindowMinutes } = context.rules.decision;
  const limit = -Math.max(SUNK_SIGMAS * (c.sigma[s] as number), SUNK_SHARE_OF_THRESHOLD * (c.threshold[s] as number));
  const samples = Math.min(history, context.work.ticks(sunkWindowMinutes));
  let sunk = 0;
  for (let i = 0; i < samples; i++) {
    if ((c.increments[s * history + slotOf(context.tick - i, history)] as number) < limit) sunk++;
  }
  return minutesOf(context, sunk) >= sunkMinutes;
}
