import { OBSERVED_PROPERTIES, type ObservedProperty, type Station } from "@hotgrid/contracts";
import { type ChannelRules, channelRules } from "../rules/channel-rules.ts";
import type { DetectionRules } from "../rules/detection-rules.ts";
import type { Family } from "../rules/property-rules.ts";
import { type LocalPlane, localPlane } from "../space/local-plane.ts";
import { findNeighbours, NEIGHBOUR_SLOTS, type Neighbours } from "../space/neighbours.ts";
import { type ChannelColumns, createChannelColumns, createStationColumns, type StationColumns } from "./columns.ts";
import type { Shape } from "./shape.ts";

/** One observed property of all stations. */
export interface Channels {
  readonly property: ObservedProperty;
  readonly family: Family;
  readonly opens: boolean;
  readonly columns: ChannelColumns;
  /** Rules of each station, by index; a few objects shared by many. They follow the month. */
  rules: readonly ChannelRules[];
}

/** The stations of a city in the order of their ids, so that the order of the input never decides. */
export interface Network {
  readonly stations: readonly Station[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly plane: LocalPlane;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly neighbours: Neighbours;
  /** Per station: 1 where enough neighbours stand within the rule's radius; above, how many times further the last of
   *  them stands, 3 at most. Far neighbours are weak witnesses: the threshold grows with it. */
  readonly remoteness: Float32Array;
  readonly channels: readonly Channels[];
  readonly columns: StationColumns;
}

/** A slow network compares what an hour's wind has mixed, and its stations stand further apart: the radius grows with
 *  the root of the tick, to four times at most (60 km for hourly data). Ours. */
const reach = ({ tickMinutes }: Shape): number => Math.min(4, Math.sqrt(Math.max(1, tickMinutes)));

function remotenessOf({ distance }: Neighbours, { background }: DetectionRules): Float32Array {
  return Float32Array.from({ length: distance.length / NEIGHBOUR_SLOTS }, (_, s) => {
    const last = distance[s * NEIGHBOUR_SLOTS + background.fewestNeighbours - 1] as number;
    return Math.min(MOST_REMOTE, Math.max(1, last / background.radiusMetres));
  });
}
const MOST_REMOTE = 3;

export function createNetwork(input: readonly Station[], rules: DetectionRules, shape: Shape): Network {
  const byId = new Map(input.map((station) => [station.id, station]));
  const stations = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const plane = localPlane(stations.reduce((sum, s) => sum + s.lat, 0) / Math.max(1, stations.length));
  const x = Float64Array.from(stations, (s) => plane.x(s.lon));
  const y = Float64Array.from(stations, (s) => plane.y(s.lat));
  const neighbours = findNeighbours(x, y, rules.background.radiusMetres * reach(shape));
  const observed = OBSERVED_PROPERTIES.filter(
    (property) => rules.properties[property] && stations.some((s) => s.properties.includes(property)),
  );
  return {
    stations,
    indexOf: new Map(stations.map((s, i) => [s.id, i])),
    plane,
    x,
    y,
    neighbours,
    remoteness: remotenessOf(neighbours, rules),
    channels: observed.flatMap((property) => {
      const table = rules.properties[property];
      if (!table) return [];
      const columns = createChannelColumns(stations.length, shape);
      return [{ property, family: table.family, opens: table.role === "primary", columns, rules: [] }];
    }),
    columns: createStationColumns(stations.length, shape),
  };
}

/** Resolves the rules of every channel for a month. Stations of the same kind and division share one object. */
export function resolveRules(network: Network, rules: DetectionRules, month: number): void {
  for (const channels of network.channels) {
    const table = rules.properties[channels.property];
    if (!table) continue;
    const shared = new Map<string, ChannelRules>();
    channels.rules = network.stations.map((station) => {
      const key = JSON.stringify(channelRules(rules, table, channels.property, station, month));
      const known = shared.get(key) ?? (JSON.parse(key) as ChannelRules);
      shared.set(key, known);
      return known;
    });
  }
}
