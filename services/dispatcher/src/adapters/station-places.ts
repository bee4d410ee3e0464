import type { Trx } from "../ports.ts";

/** Where stations lie, WGS-84, by id; one that is not known is not in it. */
export async function stationPlaces(
  trx: Trx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, { readonly lon: number; readonly lat: number }>> {
  if (ids.length === 0) return new Map();
  const rows = await trx.selectFrom("stations").select(["id", "lon", "lat"]).where("id", "in", ids).execute();
  return new Map(rows.map(({ id, lon, lat }) => [id, { lon, lat }]));
}
