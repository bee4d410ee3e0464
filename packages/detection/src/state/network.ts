import { OBSERVED_PROPERTIES, type ObservedProperty, type Station } from "@hotgrid/contracts";
import { type ChannelRules, channelRules } from "../rules/channel-rules.ts";
import type { DetectionRules } from "../rules/detection-rules.ts";
import type { Family } from "../rules/property-rules.ts";
import { type LocalPlane, localPlane } from "../space/local-plane.ts";
import { findNeighbours, type Neighbours } from "../space/neighbours.ts";
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
  readonly channels: readonly Channels[];
  readonly columns: StationColumns;
}

export function createNetwork(input: readonly Station[], rules: DetectionRules, shape: Shape): Network {
  const byId = new Map(input.map((station) => [station.id, station]));
  const stations = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const plane = localPlane(stations.reduce((sum, s) => sum + s.lat, 0) / Math.max(1, stations.length));
  const x = Float64Array.from(stations, (s) => plane.x(s.lon));
  const y = Float64Array.from(stations, (s) => plane.y(s.lat));
  const observed = OBSERVED_PROPERTIES.filter(
    (property) => rules.properties[property] && stations.some((s) => s.properties.includes(property)),
  );
  return {
    stations,
    indexOf: new Map(stations.map((s, i) => [s.id, i])),
    plane,
    x,
    y,
    neighbours: findNeighbours(x, y, rules.background.radiusMetres),
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
