import type { CellView, DivisionView, EpisodeView, SessionView } from "@hotgrid/contracts";
import { App, Result } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { call, callPages } from "../../api/call.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { outlineRings } from "../../place/outline-rings.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import { useDarkScheme } from "../shell/dark-scheme.ts";
import { type CityMap, openCityMap, type Place } from "./city-map.ts";
import { type EpisodeMarks, episodeMarks } from "./episode-marks.ts";
import type { ColouredProperty } from "./iaqi-colour.ts";
import {
  type Bounds,
  cellFeatures,
  divisionAreas,
  divisionLabels,
  sourceFeatures,
  stationFeatures,
} from "./map-features.ts";
import { DARK, LIGHT } from "./map-style.ts";

export interface MapViewProps {
  readonly session: SessionView;
  /** The city, its counties and towns with their outlines. */
  readonly divisions: readonly DivisionView[];
  readonly property: ColouredProperty;
  /** Where to look; a new object each time. */
  readonly focus: Place | null;
  /** Counts the wishes to see the whole city. */
  readonly home: number;
  readonly picking: boolean;
  readonly onPick: (place: Place) => void;
  readonly onCentre: (centre: () => Place) => void;
  readonly openStation: (stationId: string) => void;
  readonly openEpisode: (episodeId: string) => void;
}

export default function MapView(props: MapViewProps) {
  const text = useText(operatorPhrases);
  const container = useRef<HTMLDivElement>(null);
  const [city, failed] = useCityMap(container, props);
  useDivisions(city, props.divisions);
  useStations(city, props.property);
  useEpisodes(city, props);
  useEffect(() => city?.setPicking(props.picking), [city, props.picking]);
  useEffect(() => {
    if (props.focus !== null) city?.flyTo(props.focus);
  }, [city, props.focus]);
  useEffect(() => {
    if (props.home > 0) city?.showAll();
  }, [city, props.home]);
  const { onCentre } = props;
  useEffect(() => {
    if (city !== null) onCentre(city.centre);
  }, [city, onCentre]);

  if (failed) return <Result status="warning" title={text("map.failed")} />;
  return (
    <section
      ref={container}
      className="map"
      data-testid="map"
      data-ready={city !== null}
      aria-label={text("map.label", { city: props.session.cityName })}
    />
  );
}

function useCityMap(container: React.RefObject<HTMLDivElement | null>, props: MapViewProps): [CityMap | null, boolean] {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const dark = useDarkScheme();
  const [city, setCity] = useState<CityMap | null>(null);
  const [failed, setFailed] = useState(false);
  const { divisions, session } = props;
  const latest = useRef({ ...props, language });
  latest.current = { ...props, language };

  const bounds = useMemo(() => boundsOf(divisions), [divisions]);
  const attribution = divisions.some(({ approximate }) => approximate) ? text("map.approximate") : "";
  useEffect(() => {
    if (container.current === null || bounds === null) return;
    let opened: CityMap | null = null;
    const loadVillages = () =>
      call<{ items: readonly DivisionView[] }>("/divisions?level=village&area=true").then(
        ({ items }) => {
          opened?.setData("villages", divisionAreas(items));
          opened?.setData("village-labels", divisionLabels(items));
        },
        (error: unknown) => void message.warning(describeError(error, latest.current.language)),
      );
    try {
      const remove = openCityMap(
        {
          container: container.current,
          palette: dark ? DARK : LIGHT,
          tileUrl: session.tileUrl,
          bounds,
          attribution,
          onStation: (stationId) => latest.current.openStation(stationId),
          onPlace: (place) => {
            if (latest.current.picking) latest.current.onPick(place);
          },
          onVillages: () => void loadVillages(),
        },
        (ready) => {
          opened = ready;
          setCity(ready);
        },
      );
      return () => {
        opened = null;
        setCity(null);
        remove();
      };
    } catch {
      // MapLibre throws where the browser has no WebGL 2; everything else on the page works without.
      setFailed(true);
      return;
    }
  }, [container, bounds, dark, session.tileUrl, attribution, message]);
  return [city, failed];
}

function useDivisions(city: CityMap | null, divisions: readonly DivisionView[]): void {
  useEffect(() => {
    city?.setData("areas", divisionAreas(divisions));
    city?.setData("labels", divisionLabels(divisions));
  }, [city, divisions]);
}

/** At most so often, ms of the wall: a reading of a minute needs no sixty frames a second. Ours. */
const REDRAW_MS = 500;

function useStations(city: CityMap | null, property: ColouredProperty): void {
  const stations = useLive((state) => state.stations);
  const drawnAt = useRef(0);
  useEffect(() => {
    if (city === null) return;
    const timer = setTimeout(
      () => {
        drawnAt.current = performance.now();
        city.setData("stations", stationFeatures(stations.values(), property));
      },
      Math.max(0, drawnAt.current + REDRAW_MS - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [city, stations, property]);
}

function useEpisodes(city: CityMap | null, { openEpisode }: MapViewProps): void {
  const text = useText(operatorPhrases);
  const episodes = useLive((state) => state.episodes);
  const cells = useCoarseCells([...episodes.values()].some(isPlaced));
  const marks = useRef<EpisodeMarks | null>(null);
  useEffect(() => {
    marks.current = city === null ? null : episodeMarks(city.map, openEpisode);
  }, [city, openEpisode]);
  useEffect(() => {
    if (city === null) return;
    const firing = [...episodes.values()].filter(({ status }) => status === "firing");
    const placed = firing.filter(isPlaced);
    city.setData("cells", cellFeatures(placed, cells));
    city.setData("sources", sourceFeatures(placed));
    marks.current?.show(firing, ({ kind, divisionName }) =>
      text("map.episodeMark", { kind: text(`kind.${kind}`), place: divisionName }),
    );
  }, [city, episodes, cells, text]);
}

/** A regional episode is everywhere and an outage has no plume: squares and circles are for what has a place. */
const isPlaced = ({ kind }: EpisodeView): boolean => kind === "local" || kind === "interference";

const noCells: ReadonlyMap<string, Bounds> = new Map();

/** Bounds of the city's 3 km cells by id, asked for when there is something to draw; none where that failed: the marks
 *  stand at their places all the same. */
function useCoarseCells(wanted: boolean): ReadonlyMap<string, Bounds> {
  const [cells, setCells] = useState(noCells);
  useEffect(() => {
    if (!wanted) return;
    const abort = new AbortController();
    callPages<CellView>("/cells?size=3000", 10_000, abort.signal).then(
      (items) => setCells(new Map(items.map(({ id, bounds }) => [id, bounds]))),
      () => setCells(noCells),
    );
    return () => abort.abort();
  }, [wanted]);
  return cells;
}

/** Of the counties' outlines; null where none has one. */
function boundsOf(divisions: readonly DivisionView[]): [number, number, number, number] | null {
  const points = divisions.filter(({ level }) => level === "county").flatMap(({ area }) => outlineRings(area).flat());
  if (points.length === 0) return null;
  const west = points.reduce((least, [lon]) => Math.min(least, lon), Number.POSITIVE_INFINITY);
  const east = points.reduce((most, [lon]) => Math.max(most, lon), Number.NEGATIVE_INFINITY);
  const south = points.reduce((least, [, lat]) => Math.min(least, lat), Number.POSITIVE_INFINITY);
  const north = points.reduce((most, [, lat]) => Math.max(most, lat), Number.NEGATIVE_INFINITY);
  return [west, south, east, north];
}
