import type { RegionalEpisode, Scenario } from "../scenario.ts";
import type { ScalarProperty } from "./climate.ts";
import type { Point } from "./plane.ts";
import { Random } from "./random.ts";

/** m/s. detection.md, Evaluation. */
const FRONT_SPEED: readonly [number, number] = [2, 6];
/** Width over which a one-sided front fades out, m. Ours. */
const EDGE_METRES = 3000;

/** What an episode of one property brings along of the others, per unit of it. Ours: haze is mostly fine particles with
 *  some gas, dust mostly coarse ones (the Beijing dust of 2015-04-15 has PM2.5 : PM10 of about 0.15). */
const COMPANIONS: Partial<Record<ScalarProperty, Partial<Record<ScalarProperty, number>>>> = {
  pm25: { pm25: 1, pm10: 1.15, tsp: 1.2, no2: 0.12, co: 0.006 },
  pm10: { pm25: 0.15, pm10: 1, tsp: 1.3 },
};

/** A regional episode: it crosses the city as a front, so that stations rise one after the other. */
export class Front {
  readonly #episode: RegionalEpisode;
  readonly #brings: Partial<Record<ScalarProperty, number>>;
  /** Per station: minutes after the city's middle, and the share of the peak that it sees. */
  readonly #delays: Float64Array;
  readonly #shares: Float64Array;

  /** `heading` in radians clockwise from north: where the front moves to. */
  constructor(index: number, scenario: Pick<Scenario, "seed" | "regional">, points: readonly Point[]) {
    const episode = scenario.regional[index];
    if (!episode) throw new RangeError(`no regional episode ${index}`);
    this.#episode = episode;
    const property = episode.property as ScalarProperty;
    this.#brings = COMPANIONS[property] ?? { [property]: 1 };
    const random = new Random(scenario.seed, `front/${index}`);
    const heading = random.between(0, 2 * Math.PI);
    const speed = episode.frontSpeed ?? random.between(...FRONT_SPEED);
    const [east, north] = [Math.sin(heading), Math.cos(heading)];
    this.#delays = Float64Array.from(points, ({ x, y }) => (x * east + y * north) / speed / 60);
    const edge = (p: Point) => 1 / (1 + Math.exp(-(p.x * north - p.y * east) / EDGE_METRES));
    this.#shares = Float64Array.from(points, (p) => (episode.oneSided ? edge(p) : 1) * (1 + 0.04 * random.normal()));
  }

  /** Adds to `levels` what it brings of a property to each station in a minute (of the scenario). */
  addTo(levels: Float64Array, property: ScalarProperty, minute: number): void {
    const factor = this.#brings[property];
    if (factor === undefined) return;
    const { from, to, riseHours, peak } = this.#episode;
    for (let s = 0; s < levels.length; s++) {
      const hour = (minute - (this.#delays[s] ?? 0)) / 60;
      const height = smoothStep((hour - from) / riseHours) * smoothStep((to - hour) / riseHours);
      levels[s] = (levels[s] ?? 0) + factor * peak * (this.#shares[s] ?? 1) * height;
    }
  }
}

const smoothStep = (x: number) => {
  const t = Math.min(1, Math.max(0, x));
  return t * t * (3 - 2 * t);
};
