import type { DivisionCode, ObservedProperty, Station } from "@hotgrid/contracts";

const WEATHER: readonly ObservedProperty[] = ["temperature", "relativeHumidity", "windSpeed", "windDirection"];
const SIX: readonly ObservedProperty[] = ["pm25", "pm10", "no2", "so2", "co", "o3"];

type PlannedKind = Extract<Station["kind"], "micro" | "town" | "dust-site" | "dust-road" | "park-boundary">;

interface KindPlan {
  /** Part of the station's name. */
  readonly zh: string;
  readonly properties: readonly ObservedProperty[];
  /** No station of this kind stands nearer to any other, m. Ours. */
  readonly spacing: number;
}

/** What a station of a kind measures: the six pollutants of GB 3095 and the weather for micro and town stations, dust
 *  and noise at sites, what a chemical park may smell of at its boundary. */
export const KINDS: Readonly<Record<PlannedKind, KindPlan>> = {
  town: { zh: "乡镇站", properties: [...SIX, ...WEATHER, "pressure"], spacing: 400 },
  "park-boundary": {
    zh: "园区边界站",
    properties: ["pm25", "pm10", "so2", "tvoc", "nh3", "h2s", ...WEATHER],
    spacing: 400,
  },
  "dust-site": { zh: "工地扬尘站", properties: ["pm25", "pm10", "tsp", "noise", ...WEATHER], spacing: 350 },
  "dust-road": { zh: "道路扬尘站", properties: ["pm25", "pm10", ...WEATHER], spacing: 350 },
  micro: { zh: "微站", properties: [...SIX, ...WEATHER], spacing: 350 },
};

export interface CountyPlan {
  readonly county: DivisionCode;
  /** Stations in all; every town gets a town station and what the kinds leave over is micro. */
  readonly total: number;
  readonly dustSites: number;
  readonly dustRoads: number;
  /** Towns with an industrial park, one boundary station each entry. */
  readonly parks: readonly DivisionCode[];
}

/** 300 stations: 越城 150, 柯桥 90, 上虞 60 (the brief). The kinds' shares and the choice of parks (袍江, 柯桥滨海,
 *  杭州湾上虞, 道墟: where the industry of the three districts is known to stand) are ours. */
export const PLANS: readonly CountyPlan[] = [
  {
    county: "330602",
    total: 150,
    dustSites: 12,
    dustRoads: 8,
    parks: ["330602012", "330602014", "330602013", "330602017"],
  },
  {
    county: "330603",
    total: 90,
    dustSites: 7,
    dustRoads: 5,
    parks: ["330603011", "330603011", "330603009", "330603010", "330603005"],
  },
  { county: "330604", total: 60, dustSites: 4, dustRoads: 3, parks: ["330604112", "330604112", "330604004"] },
];
