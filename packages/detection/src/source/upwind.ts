import type { DivisionCode } from "@hotgrid/contracts";
import type { EpisodeRecord } from "../episodes/record.ts";
import type { TickContext } from "../tick/context.ts";
import { type Wind, windAround } from "./wind.ts";

/** The last hour's wind around the station with the peak where it says where smoke came from, else null: in calm or
 *  turning wind smoke goes where it likes. */
export function carryingWind(context: TickContext, record: EpisodeRecord): Wind | null {
  const { calmMetresPerSecond, widestSpreadDegrees } = context.rules.source;
  const leader = context.network.indexOf.get(record.peakStation);
  const wind = leader === undefined ? null : windAround(context, leader);
  if (!wind || wind.speed < calmMetresPerSecond || wind.directionSpread > widestSpreadDegrees) return null;
  return wind;
}

/** The village that is asked until the estimate is there: that at the usual distance upwind. Null without such a wind,
 *  and outside the city. */
export function villageUpwind(context: TickContext, record: EpisodeRecord): DivisionCode | null {
  const wind = carryingWind(context, record);
  const leader = context.network.indexOf.get(record.peakStation);
  if (!wind || leader === undefined) return null;
  const { plane, x, y } = context.network;
  const from = (wind.direction * Math.PI) / 180;
  const { upwindMetres } = context.rules.source;
  const lon = plane.lon((x[leader] as number) + upwindMetres * Math.sin(from));
  const lat = plane.lat((y[leader] as number) + upwindMetres * Math.cos(from));
  return context.geography.locate(lon, lat)?.village ?? null;
}
