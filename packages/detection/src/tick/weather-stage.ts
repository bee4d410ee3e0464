import { HUMIDITY_TICKS } from "../state/columns.ts";
import type { Network } from "../state/network.ts";
import type { Shape } from "../state/shape.ts";

/** Moves the weather of the closing tick from the waiting slots into the windows. */
export function takeWeather(network: Network, tick: number, shape: Shape): void {
  const c = network.columns;
  for (let s = 0; s < network.stations.length; s++) {
    const slot = s * shape.pending + (tick % shape.pending);
    const hour = s * shape.history + (tick % shape.history);
    c.humidity[s * HUMIDITY_TICKS + (tick % HUMIDITY_TICKS)] = c.pendingHumidity[slot] as number;
    c.windEast[hour] = c.pendingWindEast[slot] as number;
    c.windNorth[hour] = c.pendingWindNorth[slot] as number;
    c.pendingHumidity[slot] = Number.NaN;
    c.pendingWindEast[slot] = Number.NaN;
    c.pendingWindNorth[slot] = Number.NaN;
  }
}
