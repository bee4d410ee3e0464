import { type ObservedProperty, PROPERTY_DEFINITIONS, type QcFlag, type StationView } from "@hotgrid/contracts";
import { Button, Result, Spin, Table, Tag } from "antd";
import { lazy, Suspense } from "react";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useNow } from "../../time/clock-context.tsx";
import { relativeTime } from "../../time/spans.ts";
import { useConsole } from "../console-context.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import { SideDrawer } from "../shell/side-drawer.tsx";
import { valueText } from "./value-text.ts";

// ECharts is needed only here.
const StationSeries = lazy(() => import("./station-series.tsx"));

export function StationDrawer({ stationId }: { stationId: string }) {
  const text = useText(operatorPhrases);
  const { navigation } = useConsole();
  const station = useLive((state) => state.stations.get(stationId));
  const loaded = useLive((state) => state.loaded);
  return (
    <SideDrawer width={640} title={station?.name ?? stationId} close={() => navigation.open("station", null)}>
      {station !== undefined ? <StationBody station={station} /> : null}
      {station === undefined && loaded ? <Result status="404" title={text("station.gone")} /> : null}
      {station === undefined && !loaded ? <Spin description={text("loading")} /> : null}
    </SideDrawer>
  );
}

function StationBody({ station }: { station: StationView }) {
  const text = useText(operatorPhrases);
  const { showPlace, time } = useConsole();
  const now = useNow(1000);
  const measuredAt = station.latest === null ? null : Date.parse(station.latest.phenomenonTime);
  return (
    <article data-testid="station">
      <div className="ticket-tags">
        <Tag color={station.online ? "green" : "default"}>
          {text(station.online ? "station.online" : "station.offline")}
        </Tag>
        <Tag>{text(`station.kind.${station.kind}`)}</Tag>
        <code>{station.id}</code>
        <Button size="small" onClick={() => showPlace(station)}>
          {text("ticket.showOnMap")}
        </Button>
      </div>
      <p className="hint">{station.divisionNames.join(" ")}</p>
      <p>
        {measuredAt === null
          ? text("station.noReading")
          : text("station.measured", { time: time.full(measuredAt), ago: relativeTime(measuredAt, now, text) })}
      </p>
      <LatestTable station={station} />
      <Suspense fallback={<Spin description={text("loading")} />}>
        <StationSeries station={station} />
      </Suspense>
    </article>
  );
}

const FLAG_COLOURS: Readonly<Record<QcFlag, string>> = {
  1: "green",
  2: "default",
  3: "orange",
  4: "red",
  9: "default",
};

function LatestTable({ station }: { station: StationView }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const rows = station.properties.map((property) => ({
    property,
    value: station.latest?.results[property],
    flag: station.flags[property] ?? 2,
  }));
  return (
    <Table
      size="small"
      pagination={false}
      rowKey="property"
      dataSource={rows}
      columns={[
        {
          title: text("station.property"),
          dataIndex: "property",
          render: (property: ObservedProperty) => PROPERTY_DEFINITIONS[property][language],
        },
        {
          title: text("station.value"),
          dataIndex: "value",
          align: "right",
          render: (value: number | undefined, { property }) => (value === undefined ? "—" : valueText(property, value)),
        },
        {
          title: text("station.quality"),
          dataIndex: "flag",
          render: (flag: QcFlag) => <Tag color={FLAG_COLOURS[flag]}>{text(`qc.${flag}`)}</Tag>,
        },
      ]}
    />
  );
}
