import type { FeatureCollection } from "geojson";
import {
  AttributionControl,
  type GeoJSONSource,
  type LngLatBoundsLike,
  Map as MapLibre,
  NavigationControl,
  Popup,
  ScaleControl,
  setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import { type DataSource, type MapPalette, mapStyle, VILLAGES_FROM_ZOOM } from "./map-style.ts";

// Our own file: the content security policy allows no worker from elsewhere.
setWorkerUrl(workerUrl);

export interface Place {
  readonly lon: number;
  readonly lat: number;
}

export interface CityMapOptions {
  readonly container: HTMLElement;
  readonly palette: MapPalette;
  readonly tileUrl: string | null;
  /** West, south, east, north in degrees. */
  readonly bounds: [number, number, number, number];
  readonly attribution: string;
  readonly onStation: (stationId: string) => void;
  /** A click on no station. */
  readonly onPlace: (place: Place) => void;
  /** The first time that villages come into view. */
  readonly onVillages: () => void;
}

export interface CityMap {
  readonly map: MapLibre;
  setData(source: DataSource, features: FeatureCollection): void;
  flyTo(place: Place): void;
  showAll(): void;
  setPicking(picking: boolean): void;
  centre(): Place;
  remove(): void;
}

const PLACE_ZOOM = 13;
const PADDING = 24;

/** Throws where the browser has no WebGL 2. Call after its "load" event only (see `openCityMap`). */
function cityMap(map: MapLibre, options: CityMapOptions): CityMap {
  let picking = false;
  const bounds: LngLatBoundsLike = options.bounds;
  const cursor = (over: boolean) => {
    map.getCanvas().style.cursor = picking ? "crosshair" : over ? "pointer" : "";
  };
  const popup = new Popup({ closeButton: false, closeOnClick: false, offset: 10 });
  map.on("click", ({ point, lngLat }) => {
    const station: unknown = picking
      ? undefined
      : map.queryRenderedFeatures(around(point), { layers: ["stations"] })[0]?.properties["id"];
    if (typeof station === "string") options.onStation(station);
    else options.onPlace({ lon: lngLat.lng, lat: lngLat.lat });
  });
  map.on("mousemove", "stations", ({ features, lngLat }) => {
    cursor(true);
    const { name, reading } = features?.[0]?.properties ?? {};
    popup.setLngLat(lngLat).setText(`${name} ${reading}`).addTo(map);
  });
  map.on("mouseleave", "stations", () => {
    cursor(false);
    popup.remove();
  });
  let villages = false;
  map.on("zoomend", () => {
    if (villages || map.getZoom() < VILLAGES_FROM_ZOOM - 0.5) return;
    villages = true;
    options.onVillages();
  });
  return {
    map,
    setData: (source, features) => void map.getSource<GeoJSONSource>(source)?.setData(features),
    flyTo: ({ lon, lat }) =>
      map.flyTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), PLACE_ZOOM), duration: 1200 }),
    showAll: () => map.fitBounds(bounds, { padding: PADDING, duration: 600 }),
    setPicking(next) {
      picking = next;
      cursor(false);
    },
    centre: () => ({ lon: map.getCenter().lng, lat: map.getCenter().lat }),
    remove: () => map.remove(),
  };
}

/** A finger is wider than a station's circle, px. */
const FINGER = 8;
const around = ({ x, y }: { x: number; y: number }): [[number, number], [number, number]] => [
  [x - FINGER, y - FINGER],
  [x + FINGER, y + FINGER],
];

/** Builds the map; `onReady` is called when its style is there. Returns how to remove it. Throws without WebGL 2. */
export function openCityMap(options: CityMapOptions, onReady: (map: CityMap) => void): () => void {
  const map = new MapLibre({
    container: options.container,
    style: mapStyle(options.palette, options.tileUrl),
    bounds: options.bounds,
    fitBoundsOptions: { padding: PADDING },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    maxZoom: 17,
    minZoom: 6,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  if (options.attribution !== "")
    map.addControl(new AttributionControl({ customAttribution: options.attribution, compact: false }));
  map.once("load", () => onReady(cityMap(map, options)));
  return () => map.remove();
}
