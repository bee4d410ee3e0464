import { type ObservedProperty, PROPERTY_DEFINITIONS, type ReadingSeries } from "@hotgrid/contracts";
import { LineChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { Language } from "../../language/dictionary.ts";
import { useLanguage } from "../../language/language-context.tsx";
import type { CityTime } from "../../time/city-time.ts";
import { useConsole } from "../console-context.ts";
import { useDarkScheme } from "../shell/dark-scheme.ts";

use([LineChart, GridComponent, TooltipComponent, LegendComponent, DataZoomComponent, CanvasRenderer]);

export function SeriesChart({ series }: { series: ReadingSeries }) {
  const { language } = useLanguage();
  const { time } = useConsole();
  const dark = useDarkScheme();
  const container = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  useEffect(() => {
    if (container.current === null) return;
    const opened = init(container.current, dark ? "dark" : null);
    chart.current = opened;
    const observer = new ResizeObserver(() => opened.resize());
    observer.observe(container.current);
    return () => {
      observer.disconnect();
      opened.dispose();
      chart.current = null;
    };
  }, [dark]);
  useEffect(() => {
    // `dark` opened a new, empty chart.
    void dark;
    chart.current?.setOption(chartOption(series, language, time), { notMerge: true });
  }, [series, language, time, dark]);
  return <div ref={container} className="chart" data-testid="chart" />;
}

function chartOption(series: ReadingSeries, language: Language, time: CityTime) {
  const properties = Object.keys(series.properties) as ObservedProperty[];
  const units = [...new Set(properties.map((property) => PROPERTY_DEFINITIONS[property].unit))];
  const times = series.times.map((iso) => Date.parse(iso));
  return {
    animation: false,
    backgroundColor: "transparent",
    grid: { left: 48, right: units.length > 1 ? 48 : 16, top: 36, bottom: 56 },
    legend: { top: 0 },
    tooltip: {
      trigger: "axis" as const,
      axisPointer: { label: { formatter: ({ value }: { value: unknown }) => time.full(Number(value)) } },
    },
    xAxis: { type: "time" as const, axisLabel: { hideOverlap: true, formatter: (value: number) => time.short(value) } },
    // Two axes at most; a third unit shares the second.
    yAxis: units.slice(0, 2).map((unit) => ({ type: "value" as const, name: unit, scale: true })),
    dataZoom: [
      { type: "inside" as const },
      { type: "slider" as const, height: 18, bottom: 8, labelFormatter: (value: number) => time.short(value) },
    ],
    series: properties.map((property) => ({
      type: "line" as const,
      name: PROPERTY_DEFINITIONS[property][language],
      yAxisIndex: Math.min(1, units.indexOf(PROPERTY_DEFINITIONS[property].unit)),
      showSymbol: false,
      sampling: "lttb" as const,
      data: times.map((at, row) => [at, series.properties[property]?.[row] ?? null]),
    })),
  };
}
