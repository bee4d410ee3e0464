import type { WeatherPoint } from "../scenario.ts";
import { Random, SlowNoise } from "./random.ts";

/** The air of one minute. Wind vectors point where the air goes, m/s. */
export interface Air {
  readonly windEast: number;
  readonly windNorth: number;
  readonly stability: WeatherPoint["stability"];
  /** m */
  readonly mixingHeight: number;
  /** °C */
  readonly temperature: number;
  /** % */
  readonly relativeHumidity: number;
  /** hPa */
  readonly pressure: number;
}

/** Drift of the mean wind over hours: 12° and 20 % (detection.md, Evaluation); its pace is ours. */
const DRIFT_DEGREES = 12;
const DRIFT_SPEED = 0.2;
const DRIFT_TAU_MINUTES = 180;
/** Meandering within minutes, degrees at 2 m/s; more in weak wind, as 1/u (Hanna 1983), 40° at most. Pace ours. */
const MEANDER_DEGREES = 14;
const MEANDER_TAU_MINUTES = 6;
/** Half the span of a day's temperature, °C, and % of humidity lost per °C of it. Ours: late autumn, Yangtze delta. */
const DAY_TEMPERATURE = 3.5;
const HUMIDITY_PER_DEGREE = 3.5;
const DEGREE = Math.PI / 180;

/** Weather of a scenario with what no file says: drift, meandering, the day's course. Step it minute by minute. */
export class Weather {
  readonly #points: readonly WeatherPoint[];
  readonly #turn: SlowNoise;
  readonly #speed: SlowNoise;
  readonly #meander: SlowNoise;
  readonly #gust: SlowNoise;
  readonly #warmth: SlowNoise;
  readonly #pressure: SlowNoise;

  constructor(seed: number, points: readonly WeatherPoint[]) {
    this.#points = points;
    const noise = (name: string, sigma: number, tau: number) =>
      new SlowNoise(new Random(seed, `weather/${name}`), sigma, tau);
    this.#turn = noise("turn", DRIFT_DEGREES, DRIFT_TAU_MINUTES);
    this.#speed = noise("speed", DRIFT_SPEED, DRIFT_TAU_MINUTES);
    this.#meander = noise("meander", 1, MEANDER_TAU_MINUTES);
    this.#gust = noise("gust", 0.12, 3);
    this.#warmth = noise("warmth", 0.8, 240);
    this.#pressure = noise("pressure", 4, 1440);
  }

  /** `hour` after the scenario's start, `hourOfDay` by the city's clock. */
  step(hour: number, hourOfDay: number): Air {
    const mean = interpolate(this.#points, hour);
    const speed = Math.hypot(mean.windEast, mean.windNorth) * Math.exp(this.#speed.step() + this.#gust.step());
    const wobble = Math.min(40, MEANDER_DEGREES * (2 / Math.max(0.3, speed)) ** 0.7) * this.#meander.step();
    const heading = Math.atan2(mean.windEast, mean.windNorth) + (this.#turn.step() + wobble) * DEGREE;
    const warmth = DAY_TEMPERATURE * Math.cos(((hourOfDay - 14.5) / 24) * 2 * Math.PI) + this.#warmth.step();
    return {
      windEast: speed * Math.sin(heading),
      windNorth: speed * Math.cos(heading),
      stability: mean.stability,
      mixingHeight: mean.mixingHeight,
      temperature: mean.temperature + warmth,
      relativeHumidity: Math.min(99, Math.max(15, mean.relativeHumidity - HUMIDITY_PER_DEGREE * warmth)),
      pressure: 1018 + this.#pressure.step(),
    };
  }
}

/** Between two points the wind is interpolated as a vector; before the first and after the last it stays. */
function interpolate(points: readonly WeatherPoint[], hour: number) {
  const next = points.find((point) => point.at > hour) ?? points.at(-1);
  const previous = points.findLast((point) => point.at <= hour) ?? points[0];
  if (!next || !previous) throw new Error("a scenario has at least one weather point");
  const share = next.at > previous.at ? Math.min(1, (hour - previous.at) / (next.at - previous.at)) : 0;
  const mix = (of: (point: WeatherPoint) => number) => of(previous) * (1 - share) + of(next) * share;
  return {
    windEast: mix((p) => -p.windSpeed * Math.sin(p.windDirection * DEGREE)),
    windNorth: mix((p) => -p.windSpeed * Math.cos(p.windDirection * DEGREE)),
    stability: previous.stability,
    mixingHeight: mix((p) => p.mixingHeight),
    temperature: mix((p) => p.temperature),
    relativeHumidity: mix((p) => p.relativeHumidity),
  };
}
