import {
  type CellView,
  type DivisionView,
  type EpisodeView,
  PROPERTY_DEFINITIONS,
  type StationView,
} from "@hotgrid/contracts";
import type { Feature, FeatureCollection, Geometry } from "geojson";
import { type ColouredProperty, NO_READING_COLOUR, readingCategory } from "./iaqi-colour.ts";

type Features = FeatureCollection;
type Position = [lon: number, lat: number];

const collection = (features: Feature[]): Features => ({ type: "FeatureCollection", features });
export const noFeatures = collection([]);

/** Outlines, where the server gave one. */
export const divisionAreas = (divisions: readonly DivisionView[]): Features =>
  collection(
    divisions.flatMap(({ code, name, level, area }) =>
      typeof area === "object" && area !== null
        ? [{ type: "Feature", properties: { code, name, level }, geometry: area as Geometry }]
        : [],
    ),
  );

/** Points for the names. */
export const divisionLabels = (divisions: readonly DivisionView[]): Features =>
  collection(divisions.map(({ name, level, lon, lat }) => point([lon, lat], { name, level })));

export function stationFeatures(stations: Iterable<StationView>, property: ColouredProperty): Features {
  const { unit, decimals, zh } = PROPERTY_DEFINITIONS[property];
  return collection(
    Array.from(stations, (station) => {
      const value = station.online ? station.latest?.results[property] : undefined;
      const at = station.latest === null ? 0 : Date.parse(station.latest.phenomenonTime);
      const category = readingCategory(property, value, at);
      return point([station.lon, station.lat], {
        id: station.id,
        name: station.name,
        reading: value === undefined ? "" : `${zh} ${value.toFixed(decimals)} ${unit}`,
        colour: category?.colour ?? NO_READING_COLOUR,
        // Drawn above the cleaner ones.
        rank: category?.level ?? 0,
      });
    }),
  );
}

/** Squares of the cells that episodes touch; what lies in no cell of `coarse` (3 km) is left out. */
export function cellFeatures(episodes: readonly EpisodeView[], coarse: ReadonlyMap<string, Bounds>): Features {
  const cells = new Map<string, Feature>();
  for (const cellId of episodes.flatMap(({ cellIds }) => cellIds)) {
    const bounds = cellBounds(cellId, coarse);
    if (bounds !== null) cells.set(cellId, square(bounds, { fine: FINE_PART.test(cellId) }));
  }
  return collection([...cells.values()]);
}

export type Bounds = CellView["bounds"];

/** A 500 m cell's id is that of its 3 km cell with its row (from the south) and its column (from the west) of six. */
const FINE_PART = /-(\d)(\d)$/;
const FINE_PER_COARSE = 6;

function cellBounds(cellId: string, coarse: ReadonlyMap<string, Bounds>): Bounds | null {
  const outer = coarse.get(cellId.replace(FINE_PART, ""));
  if (outer === undefined) return null;
  const [, row, column] = FINE_PART.exec(cellId) ?? [];
  if (row === undefined || column === undefined) return outer;
  const [west, south, east, north] = outer;
  const [width, height] = [(east - west) / FINE_PER_COARSE, (north - south) / FINE_PER_COARSE];
  const [left, bottom] = [west + Number(column) * width, south + Number(row) * height];
  return [left, bottom, left + width, bottom + height];
}

function square([west, south, east, north]: Bounds, properties: Record<string, unknown>): Feature {
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring] } };
}

/** The 50 % and the 90 % circle of each source estimate. */
export const sourceFeatures = (episodes: readonly EpisodeView[]): Features =>
  collection(
    episodes.flatMap(({ source }) =>
      source === null
        ? []
        : [circle(source, source.radius90Metres, { share: 90 }), circle(source, source.radius50Metres, { share: 50 })],
    ),
  );

const point = (coordinates: Position, properties: Record<string, unknown>): Feature => ({
  type: "Feature",
  properties,
  geometry: { type: "Point", coordinates },
});

const CIRCLE_CORNERS = 64;
/** Mean radius of the earth, m (IUGG). */
const EARTH_RADIUS_METRES = 6_371_009;

function circle(
  { lon, lat }: { lon: number; lat: number },
  metres: number,
  properties: Record<string, unknown>,
): Feature {
  const degrees = ((metres / EARTH_RADIUS_METRES) * 180) / Math.PI;
  const stretch = Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: CIRCLE_CORNERS + 1 }, (_, corner): Position => {
    const angle = (2 * Math.PI * (corner % CIRCLE_CORNERS)) / CIRCLE_CORNERS;
    return [lon + (degrees * Math.cos(angle)) / stretch, lat + degrees * Math.sin(angle)];
  });
  return { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring] } };
}
