import type { SourceEstimate } from "@hotgrid/contracts";
import type { EpisodeRecord } from "../episodes/record.ts";
import type { TickContext } from "../tick/context.ts";
import { likelyPlaces } from "./likely-places.ts";
import { observe } from "./observation.ts";
import { posterior } from "./posterior.ts";
import { searchGrid } from "./search-grid.ts";
import { carryingWind } from "./upwind.ts";

/** Where the source of a confirmed episode likely is: Bayesian inversion of a plume that is carried by the measured
 *  wind of each minute, over the cells around the station with the peak. Null in calm or turning wind, where smoke goes
 *  where it likes, and where nobody measures the wind. In steps, see posterior(); what it needs of the detector is
 *  read in the first and in the last. */
export function* estimateSource(context: TickContext, record: EpisodeRecord): Generator<void, SourceEstimate | null> {
  const { network, rules } = context;
  const leader = network.indexOf.get(record.peakStation);
  const channels = network.channels.find((c) => c.property === record.property);
  if (leader === undefined || !channels || !carryingWind(context, record)) return null;
  const observation = observe(context, record, channels, leader);
  if (!observation) return null;
  const grid = searchGrid(rules.source.cellMetres, rules.source.radiusMetres);
  return likelyPlaces(context, leader, grid, yield* posterior(observation, grid, rules.source));
}
