import type { DemoFire } from "@hotgrid/contracts";
import type { Source } from "./scenario.ts";
import type { World } from "./world.ts";

/** g of each species per g of PM2.5 from burning crop residues (Andreae 2019, table 1: CO 76, PM2.5 8.2, NOx as NO 2.8
 *  g/kg); PM10 over PM2.5 ours. */
const PER_PM25 = { pm10: 1.3, co: 9.3, no2: 0.1 };
/** m: a small fire's own rise. Ours. */
const HEIGHT_METRES = 6;

/** The source of a fire lit at `now` (epoch ms). */
export function fireSource({ lon, lat, minutes, pm25 }: DemoFire, world: Pick<World, "start">, now: number): Source {
  const from = (now - world.start) / 3_600_000;
  const emission = {
    pm25,
    pm10: pm25 * PER_PM25.pm10,
    co: pm25 * PER_PM25.co,
    no2: pm25 * PER_PM25.no2,
  };
  return { id: `demo-${now}`, lon, lat, heightMetres: HEIGHT_METRES, from, to: from + minutes / 60, emission };
}
