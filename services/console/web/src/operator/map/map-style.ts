import type { RasterSourceSpecification, StyleSpecification } from "maplibre-gl";
import { noFeatures } from "./map-features.ts";

export interface MapPalette {
  readonly ground: string;
  readonly land: string;
  readonly townLine: string;
  readonly countyLine: string;
  readonly label: string;
  readonly halo: string;
  readonly alarm: string;
  readonly stationLine: string;
}

export const LIGHT: MapPalette = {
  ground: "#dfe5ec",
  land: "#f7f8fa",
  townLine: "#c3ccd8",
  countyLine: "#6b7a90",
  label: "#2c3644",
  halo: "#ffffff",
  alarm: "#c81e1e",
  stationLine: "#2c3644",
};
export const DARK: MapPalette = {
  ground: "#0b0f15",
  land: "#171d26",
  townLine: "#313c4c",
  countyLine: "#77879d",
  label: "#d8e0ea",
  halo: "#0b0f15",
  alarm: "#ff6b61",
  stationLine: "#000000",
};

/** Families, not font files: without a glyph server MapLibre draws every letter from the system's fonts. */
const FONT = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"];
/** Villages are many: their lines and names come when a town fills the screen. */
export const VILLAGES_FROM_ZOOM = 12;

const DATA_SOURCES = ["areas", "villages", "labels", "village-labels", "cells", "sources", "stations"] as const;
export type DataSource = (typeof DATA_SOURCES)[number];

/** The grid itself is the map; `tileUrl` puts a raster map under it. */
export function mapStyle(palette: MapPalette, tileUrl: string | null): StyleSpecification {
  const data = Object.fromEntries(DATA_SOURCES.map((name) => [name, { type: "geojson", data: noFeatures } as const]));
  const tiles: StyleSpecification["sources"] = tileUrl === null ? {} : { tiles: rasterOf(tileUrl) };
  const raster: StyleSpecification["layers"] =
    tileUrl === null ? [] : [{ id: "tiles", type: "raster", source: "tiles" }];
  return {
    version: 8,
    sources: { ...tiles, ...data },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": palette.ground } },
      ...raster,
      {
        id: "land",
        type: "fill",
        source: "areas",
        filter: ["==", ["get", "level"], "county"],
        paint: { "fill-color": palette.land, "fill-opacity": tileUrl === null ? 1 : 0.15 },
      },
      line("village-lines", "villages", palette.townLine, 0.5, VILLAGES_FROM_ZOOM),
      line("town-lines", "areas", palette.townLine, 1, 0, "town"),
      line("county-lines", "areas", palette.countyLine, 2, 0, "county"),
      {
        id: "cells",
        type: "fill",
        source: "cells",
        paint: {
          "fill-color": palette.alarm,
          "fill-opacity": ["case", ["get", "fine"], 0.35, 0.12],
          "fill-outline-color": palette.alarm,
        },
      },
      {
        id: "sources",
        type: "line",
        source: "sources",
        paint: {
          "line-color": palette.alarm,
          "line-width": ["case", ["==", ["get", "share"], 50], 2.5, 1.5],
          "line-dasharray": [3, 2],
        },
      },
      label("village-names", "village-labels", palette, 11, VILLAGES_FROM_ZOOM),
      label("town-names", "labels", palette, 12, 9.6, "town"),
      {
        id: "stations",
        type: "circle",
        source: "stations",
        layout: { "circle-sort-key": ["get", "rank"] },
        paint: {
          "circle-color": ["get", "colour"],
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 3.5, 11, 6, 14, 10],
          "circle-stroke-color": palette.stationLine,
          "circle-stroke-width": 1,
        },
      },
      // Above the stations: a county's name is read from afar.
      label("county-names", "labels", palette, 17, 0, "county"),
    ],
  };
}

const rasterOf = (url: string): RasterSourceSpecification => ({ type: "raster", tiles: [url], tileSize: 256 });

type Layer = StyleSpecification["layers"][number];
type Level = "county" | "town";

const ofLevel = (level: Level | undefined) =>
  level === undefined ? {} : { filter: ["==", ["get", "level"], level] as ["==", ["get", string], string] };

function line(id: string, source: DataSource, colour: string, width: number, minzoom: number, level?: Level): Layer {
  return { id, type: "line", source, minzoom, ...ofLevel(level), paint: { "line-color": colour, "line-width": width } };
}

function label(
  id: string,
  source: DataSource,
  palette: MapPalette,
  size: number,
  minzoom: number,
  level?: Level,
): Layer {
  return {
    id,
    type: "symbol",
    source,
    minzoom,
    ...ofLevel(level),
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": size,
      "text-padding": 4,
      "text-offset": [0, level === "county" ? 0 : 1],
    },
    paint: { "text-color": palette.label, "text-halo-color": palette.halo, "text-halo-width": 2 },
  };
}
