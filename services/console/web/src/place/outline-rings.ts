type Position = readonly [lon: number, lat: number];

/** Outer rings of a GeoJSON polygon or multipolygon; none for anything else. */
export function outlineRings(area: unknown): Position[][] {
  if (typeof area !== "object" || area === null) return [];
  const { type, coordinates } = area as { type?: unknown; coordinates?: unknown };
  if (!Array.isArray(coordinates)) return [];
  const polygons: unknown[] = type === "MultiPolygon" ? coordinates : type === "Polygon" ? [coordinates] : [];
  return polygons
    .flatMap((polygon) => (Array.isArray(polygon) ? [positions(polygon[0])] : []))
    .filter((r) => r.length > 2);
}

function positions(ring: unknown): Position[] {
  if (!Array.isArray(ring)) return [];
  return ring.flatMap((point: unknown) =>
    Array.isArray(point) && typeof point[0] === "number" && typeof point[1] === "number"
      ? [[point[0], point[1]] as const]
      : [],
  );
}
