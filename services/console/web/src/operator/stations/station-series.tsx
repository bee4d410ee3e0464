import { type ObservedProperty, PROPERTY_DEFINITIONS, type ReadingSeries, type StationView } from "@hotgrid/contracts";
import { Alert, App, Button, Empty, Segmented, Select, Spin } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { call, download } from "../../api/call.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useServerClock } from "../../time/clock-context.tsx";
import { serverNow } from "../../time/server-clock.ts";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";
import { SeriesChart } from "./series-chart.tsx";
import { INTERVALS, type Interval, RANGES, type Range, type SeriesChoice, seriesPath } from "./series-query.ts";

/** Wall time between two renewals of an open chart, ms. Ours. */
const RENEW_MS = 15_000;

export default function StationSeries({ station }: { station: StationView }) {
  const text = useText(operatorPhrases);
  const [choice, setChoice] = useState<SeriesChoice>(() => ({
    range: "24h",
    interval: "5m",
    properties: station.properties.includes("pm25") ? ["pm25"] : station.properties.slice(0, 1),
  }));
  return (
    <section aria-label={text("chart.title")}>
      <h3>{text("chart.title")}</h3>
      <Choices station={station} choice={choice} change={setChoice} />
      <Chart stationId={station.id} choice={choice} />
    </section>
  );
}

interface ChoicesProps {
  readonly station: StationView;
  readonly choice: SeriesChoice;
  readonly change: (choice: SeriesChoice) => void;
}

function Choices({ station, choice, change }: ChoicesProps) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const setRange = (range: Range) => {
    const [usual = "1h"] = INTERVALS[range];
    change({ ...choice, range, interval: INTERVALS[range].includes(choice.interval) ? choice.interval : usual });
  };
  return (
    <div className="chart-choices">
      <Segmented<Range>
        aria-label={text("chart.range")}
        value={choice.range}
        onChange={setRange}
        options={(Object.keys(RANGES) as Range[]).map((value) => ({ value, label: text(`chart.${value}`) }))}
      />
      <Segmented<Interval>
        aria-label={text("chart.interval")}
        value={choice.interval}
        onChange={(interval) => change({ ...choice, interval })}
        options={INTERVALS[choice.range].map((value) => ({ value, label: text(`chart.${value}`) }))}
      />
      <Select<ObservedProperty[]>
        mode="multiple"
        className="chart-properties"
        aria-label={text("chart.properties")}
        value={[...choice.properties]}
        maxCount={4}
        onChange={(properties) => {
          if (properties.length > 0) change({ ...choice, properties });
        }}
        options={station.properties.map((value) => ({ value, label: PROPERTY_DEFINITIONS[value][language] }))}
      />
    </div>
  );
}

function Chart({ stationId, choice }: { stationId: string; choice: SeriesChoice }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { series, error, load, path } = useSeries(stationId, choice);
  const { message } = App.useApp();
  const csv = () =>
    download(path(), "text/csv", `${stationId}-${choice.range}-${choice.interval}.csv`).catch(
      (reason: unknown) => void message.error(describeError(reason, language)),
    );
  return (
    <>
      {error === null ? null : (
        <Alert
          type="error"
          title={describeError(error, language)}
          action={<Button onClick={load}>{text("retry")}</Button>}
        />
      )}
      {series === null && error === null ? <Spin description={text("loading")} className="chart-waiting" /> : null}
      {series?.truncated ? <Alert type="warning" title={text("chart.truncated")} /> : null}
      {series !== null && series.times.length === 0 ? <Empty description={text("chart.empty")} /> : null}
      {series !== null && series.times.length > 0 ? <SeriesChart series={series} /> : null}
      <Button data-testid="csv" onClick={() => void csv()}>
        {text("chart.csv")}
      </Button>
    </>
  );
}

function useSeries(stationId: string, choice: SeriesChoice) {
  const { time } = useConsole();
  const clock = useServerClock();
  const [series, setSeries] = useState<ReadingSeries | null>(null);
  const [error, setError] = useState<unknown>(null);
  const newest = useRef(0);
  const path = useCallback(
    () => seriesPath(stationId, choice, serverNow(clock, performance.now()), time),
    [stationId, choice, clock, time],
  );
  const load = useCallback(() => {
    newest.current += 1;
    const mine = newest.current;
    // An answer that was overtaken by a later question is left aside.
    call<ReadingSeries>(path()).then(
      (answer) => {
        if (mine !== newest.current) return;
        setSeries(answer);
        setError(null);
      },
      (reason: unknown) => {
        if (mine === newest.current) setError(reason);
      },
    );
  }, [path]);
  useEffect(() => {
    load();
    const timer = setInterval(load, RENEW_MS);
    return () => clearInterval(timer);
  }, [load]);
  return { series, error, load, path };
}
