import { OBSERVED_PROPERTIES, type ObservedProperty } from "@hotgrid/contracts";
import type { Format, RecordedReading, RowProblem } from "./formats/format.ts";
import { readRows } from "./read-rows.ts";

export interface Period {
  /** Epoch ms; from inclusive, to exclusive. */
  readonly from: number;
  readonly to: number;
}

export interface SurveyedStation {
  readonly id: string;
  /** The last place that its rows say. */
  readonly place: { readonly lon: number; readonly lat: number } | null;
  readonly properties: readonly ObservedProperty[];
  readonly readings: number;
}

/** What a recording holds, found by reading it once before it is played. */
export interface Survey {
  readonly files: readonly { readonly path: string; readonly inOrder: boolean }[];
  readonly stations: readonly SurveyedStation[];
  /** Readings within the period, and rows that give none, by reason. */
  readonly readings: number;
  readonly problems: Partial<Record<RowProblem, number>>;
  /** Epoch ms of the first and the last reading. */
  readonly first: number;
  readonly last: number;
  /** Usual time between two readings of a station, s. */
  readonly intervalSeconds: number;
}

/** Differences of time looked at per station. */
const INTERVAL_SAMPLES = 200;
/** A row this much older than the one before still counts as in order, ms: less than the allowed lateness. */
const TOLERATED_DISORDER_MS = 60_000;

interface Draft {
  place: SurveyedStation["place"];
  readonly properties: Set<ObservedProperty>;
  readings: number;
  last: number;
  readonly intervals: number[];
}

/** Throws where no row gives a reading, with the reasons counted. */
export async function survey(paths: readonly string[], format: Format, period: Period): Promise<Survey> {
  const stations = new Map<string, Draft>();
  const problems: Survey["problems"] = {};
  const files: { path: string; inOrder: boolean }[] = [];
  let [first, last, readings] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const path of paths) {
    let newest = Number.NEGATIVE_INFINITY;
    let inOrder = true;
    for await (const row of readRows(path, format)) {
      if (typeof row === "string") {
        problems[row] = (problems[row] ?? 0) + 1;
        continue;
      }
      if (row.time < period.from || row.time >= period.to) continue;
      inOrder &&= row.time >= newest - TOLERATED_DISORDER_MS;
      newest = Math.max(newest, row.time);
      [first, last, readings] = [Math.min(first, row.time), Math.max(last, row.time), readings + 1];
      note(stations, row);
    }
    files.push({ path, inOrder });
  }
  if (readings === 0)
    throw new Error(`no readings in the recording and period; rows without: ${JSON.stringify(problems)}`);
  const intervals = [...stations.values()].flatMap((draft) => draft.intervals).toSorted((a, b) => a - b);
  const intervalSeconds = Math.max(1, (intervals[Math.floor(intervals.length / 2)] ?? 60_000) / 1000);
  return { files, stations: described(stations), readings, problems, first, last, intervalSeconds };
}

function note(stations: Map<string, Draft>, { stationId, time, results, place }: RecordedReading): void {
  const known = stations.get(stationId);
  const draft = known ?? { place: null, properties: new Set(), readings: 0, last: Number.NaN, intervals: [] };
  if (!known) stations.set(stationId, draft);
  draft.place = place ?? draft.place;
  draft.readings += 1;
  // Sensors of one station report seconds apart: its interval is that between two reports of the same property.
  const [property] = Object.keys(results) as ObservedProperty[];
  const repeated = property !== undefined && draft.properties.has(property);
  for (const name of Object.keys(results) as ObservedProperty[]) draft.properties.add(name);
  if (property !== [...draft.properties][0]) return;
  if (repeated && time > draft.last && draft.intervals.length < INTERVAL_SAMPLES)
    draft.intervals.push(time - draft.last);
  draft.last = time;
}

const described = (stations: ReadonlyMap<string, Draft>): SurveyedStation[] =>
  [...stations]
    .map(([id, { place, properties, readings }]) => ({
      id,
      place,
      properties: OBSERVED_PROPERTIES.filter((property) => properties.has(property)),
      readings,
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
