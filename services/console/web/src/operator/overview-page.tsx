import { PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import { Button, Result, Select, Spin } from "antd";
import { lazy, Suspense, useCallback, useRef, useState } from "react";
import { describeError } from "../api/api-error.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { useConsole } from "./console-context.ts";
import { FireControl } from "./demo/fire-control.tsx";
import { FeedPanel } from "./feed/feed-panel.tsx";
import { useLive } from "./live/use-live-city.ts";
import type { Place } from "./map/city-map.ts";
import { COLOURED_PROPERTIES, type ColouredProperty } from "./map/iaqi-colour.ts";
import { MapLegend } from "./map/map-legend.tsx";
import { useMapDivisions } from "./map/use-divisions.ts";
import { operatorPhrases } from "./phrases.ts";
import { mayDirect } from "./shell/page-access.ts";

// MapLibre is the largest part of the page and not needed to log in or to read the tickets.
const MapView = lazy(() => import("./map/map-view.tsx"));

export interface OverviewPageProps {
  /** Kept in place while another page is shown, so that the map is where it was. */
  readonly hidden: boolean;
  readonly focus: Place | null;
}

export function OverviewPage({ hidden, focus }: OverviewPageProps) {
  return (
    <div className="overview" hidden={hidden}>
      <MapPane focus={focus} />
      <FeedPanel />
    </div>
  );
}

function MapPane({ focus }: { focus: Place | null }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { session, navigation } = useConsole();
  const { divisions, error, retry } = useMapDivisions();
  const [property, setProperty] = useState<ColouredProperty>("pm25");
  const [home, setHome] = useState(0);
  const [picking, setPicking] = useState(false);
  const [picked, setPicked] = useState<Place | null>(null);
  const centre = useRef<(() => Place) | null>(null);
  const { open } = navigation;
  const pick = useCallback((place: Place) => {
    setPicked(place);
    setPicking(false);
  }, []);
  const keepCentre = useCallback((read: () => Place) => {
    centre.current = read;
  }, []);
  const openStation = useCallback((stationId: string) => open("station", stationId), [open]);
  const openEpisode = useCallback((episodeId: string) => open("episode", episodeId), [open]);

  if (error !== null)
    return (
      <div className="map-pane">
        <Result
          status="warning"
          title={describeError(error, language)}
          extra={<Button onClick={retry}>{text("retry")}</Button>}
        />
      </div>
    );
  return (
    <div className="map-pane">
      {divisions === null ? (
        <Spin description={text("loading")} className="map-waiting" />
      ) : (
        <Suspense fallback={<Spin description={text("loading")} className="map-waiting" />}>
          <MapView
            session={session}
            divisions={divisions}
            property={property}
            focus={focus}
            home={home}
            picking={picking}
            onPick={pick}
            onCentre={keepCentre}
            openStation={openStation}
            openEpisode={openEpisode}
          />
        </Suspense>
      )}
      <div className="map-tools">
        <PropertySelect property={property} choose={setProperty} />
        <StationSelect open={openStation} />
        <Button onClick={() => setHome((n) => n + 1)}>{text("map.home")}</Button>
      </div>
      <MapLegend property={property} />
      {session.mode === "demo" && mayDirect(session.account.role) ? (
        <FireControl
          picking={picking}
          setPicking={setPicking}
          picked={picked}
          setPicked={setPicked}
          pickCentre={() => {
            if (centre.current !== null) pick(centre.current());
          }}
        />
      ) : null}
    </div>
  );
}

function PropertySelect({
  property,
  choose,
}: {
  property: ColouredProperty;
  choose: (property: ColouredProperty) => void;
}) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  return (
    <Select<ColouredProperty>
      className="map-property"
      aria-label={text("map.property")}
      value={property}
      onChange={choose}
      options={COLOURED_PROPERTIES.map((value) => ({ value, label: PROPERTY_DEFINITIONS[value][language] }))}
    />
  );
}

/** The way to a station without a mouse. */
function StationSelect({ open }: { open: (stationId: string) => void }) {
  const text = useText(operatorPhrases);
  const stations = useLive((state) => state.stations);
  const [wanted, setWanted] = useState(false);
  const options = wanted
    ? Array.from(stations.values(), ({ id, name }) => ({ value: id, label: `${name} ${id}` }))
    : [];
  return (
    <Select<string>
      className="map-station"
      aria-label={text("map.findStation")}
      placeholder={text("map.findStation")}
      showSearch={{ optionFilterProp: "label" }}
      value={null}
      onFocus={() => setWanted(true)}
      onChange={open}
      options={options}
    />
  );
}
