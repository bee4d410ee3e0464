import { readFile } from "node:fs/promises";
import { type Station, StationId, StationKind } from "@hotgrid/contracts";
import { createGrid } from "@hotgrid/grid";
import type { Seeds } from "@hotgrid/store";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import { BEIJING_STATIONS } from "./formats/uci-beijing.ts";
import type { Survey, SurveyedStation } from "./survey.ts";
import { type SyntheticCity, syntheticCity, type UnplacedStation } from "./synthetic-city.ts";

const StationRow = z.object({
  stationId: StationId,
  lon: z.coerce.number().min(-180).max(180),
  lat: z.coerce.number().min(-90).max(90),
  kind: z.preprocess((kind) => (kind === "" ? undefined : kind), StationKind.optional()),
});
type Known = Omit<z.infer<typeof StationRow>, "stationId">;

/** Reads `stationId,lon,lat[,division,kind]` (WGS-84). Throws with file, line and field. */
export async function readStationsFile(file: string): Promise<ReadonlyMap<string, Known>> {
  const rows: unknown[] = parse(await readFile(file, "utf8"), {
    columns: true,
    bom: true,
    trim: true,
    skip_empty_lines: true,
  });
  return new Map(
    rows.map((row, i) => {
      const parsed = StationRow.safeParse(row);
      if (parsed.success) return [parsed.data.stationId, parsed.data];
      const [issue] = parsed.error.issues;
      throw new Error(`${file}:${i + 2}: ${issue?.path.join(".")}: ${issue?.message}`);
    }),
  );
}

/** Seeds in which the recording's stations stand: the given ones where they all lie in that city, otherwise a
 *  synthetic city. Throws where a station has no place, naming the remedy. */
export function placeStations(
  recording: Survey,
  known: ReadonlyMap<string, Known>,
  seeds: Seeds,
  city: SyntheticCity,
): Seeds {
  const stations = recording.stations.map((station) => unplaced(station, known, recording.intervalSeconds));
  const grid = createGrid({ city: seeds.city.code, divisions: seeds.divisions, areas: seeds.areas });
  const placed: Station[] = [];
  for (const station of stations) {
    const at = grid.locate(station.lon, station.lat);
    if (!at) return syntheticCity(city, stations, seeds);
    placed.push({ ...station, division: at.village });
  }
  return { ...seeds, stations: placed };
}

function unplaced(
  { id, place, properties }: SurveyedStation,
  known: ReadonlyMap<string, Known>,
  intervalSeconds: number,
): UnplacedStation {
  const row = known.get(id);
  const at = row ?? place ?? BEIJING_STATIONS[id];
  if (!at) throw new Error(`station ${id} has no place: give --stations FILE with a row for it`);
  const kind = row?.kind ?? "micro";
  return { id, name: id, kind, lon: at.lon, lat: at.lat, properties: [...properties], intervalSeconds };
}
