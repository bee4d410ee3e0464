import { DivisionCode } from "@hotgrid/contracts";
import type { Area } from "@hotgrid/grid";
import { z } from "zod";
import { type SeedProblem, shown } from "./seed-problem.ts";

const Position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const Ring = z
  .array(Position)
  .min(4, "a ring needs four positions")
  .refine((ring) => String(ring[0]) === String(ring.at(-1)), "a ring must end where it starts");
const Geometry = z.discriminatedUnion("type", [
  z.object({ type: z.literal("Polygon"), coordinates: z.array(Ring).min(1) }),
  z.object({ type: z.literal("MultiPolygon"), coordinates: z.array(z.array(Ring).min(1)).min(1) }),
]);
const AreaFeature = z.object({
  type: z.literal("Feature"),
  properties: z.object({
    code: DivisionCode,
    approximate: z.boolean(),
    /** Representative point where it differs from divisions.csv: an import moves points into the new areas. */
    point: Position.optional(),
  }),
  geometry: Geometry,
});
const AreasFile = z.object({ type: z.literal("FeatureCollection"), features: z.array(z.unknown()).max(100_000) });

export interface SeedArea {
  readonly geometry: Area;
  readonly approximate: boolean;
  readonly point: readonly [lon: number, lat: number] | null;
}

const REMEDY = "用 hotgrid grid import 重新导入 Import the boundaries again with `hotgrid grid import`.";

/** Decodes areas.geojson: one feature per division, WGS-84. */
export function parseSeedAreas(file: string, json: unknown, problems: SeedProblem[]): Map<DivisionCode, SeedArea> {
  const areas = new Map<DivisionCode, SeedArea>();
  const report = (field: string, value: unknown, message: string): void => {
    problems.push({ file, line: null, field, value: shown(value), message, remedy: REMEDY });
  };
  const collection = AreasFile.safeParse(json);
  if (!collection.success) {
    report("", "", collection.error.issues[0]?.message ?? "not a FeatureCollection");
    return areas;
  }
  for (const [index, feature] of collection.data.features.entries()) {
    const decoded = AreaFeature.safeParse(feature);
    const issue = decoded.error?.issues[0];
    if (!decoded.success)
      report(["features", index, ...(issue?.path ?? [])].join("."), "", issue?.message ?? "invalid");
    else {
      const { properties, geometry } = decoded.data;
      if (areas.has(properties.code))
        report(`features.${index}.code`, properties.code, "a second area of this division");
      areas.set(properties.code, { geometry, approximate: properties.approximate, point: properties.point ?? null });
    }
  }
  return areas;
}
