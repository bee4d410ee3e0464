import gcoordModule from "gcoord";

/** Its types describe the build for bundlers, where the default export is a member; Node loads the CommonJS build,
 *  where it is the module itself. */
const gcoord = gcoordModule as unknown as (typeof gcoordModule)["default"];

/** Chinese map services (AMap, Tencent) publish GCJ-02, shifted some 500 m from WGS-84. Inside Hotgrid all is WGS-84;
 *  this is the edge. gcoord inverts the shift to below a metre. */
export function gcj02ToWgs84(lon: number, lat: number): [lon: number, lat: number] {
  const [wgsLon = Number.NaN, wgsLat = Number.NaN] = gcoord.transform([lon, lat], gcoord.GCJ02, gcoord.WGS84);
  return [wgsLon, wgsLat];
}
