/** A band of the index with its official names and colour. HJ 633-2026 tables 2 and 3 (as in 2012). */
export interface AqiCategory {
  /** 1 to 6. */
  readonly level: number;
  readonly levelZh: string;
  readonly zh: string;
  readonly en: string;
  /** AQI, both inclusive. */
  readonly low: number;
  readonly high: number;
  readonly colourZh: string;
  /** sRGB, "#rrggbb". */
  readonly colour: string;
}

export const AQI_CATEGORIES: readonly AqiCategory[] = [
  { level: 1, levelZh: "一级", zh: "优", en: "Excellent", low: 0, high: 50, colourZh: "绿", colour: "#00e400" },
  { level: 2, levelZh: "二级", zh: "良", en: "Good", low: 51, high: 100, colourZh: "黄", colour: "#ffff00" },
  {
    level: 3,
    levelZh: "三级",
    zh: "轻度污染",
    en: "Lightly polluted",
    low: 101,
    high: 150,
    colourZh: "橙",
    colour: "#ff7e00",
  },
  {
    level: 4,
    levelZh: "四级",
    zh: "中度污染",
    en: "Moderately polluted",
    low: 151,
    high: 200,
    colourZh: "红",
    colour: "#ff0000",
  },
  {
    level: 5,
    levelZh: "五级",
    zh: "重度污染",
    en: "Heavily polluted",
    low: 201,
    high: 300,
    colourZh: "紫",
    colour: "#99004c",
  },
  {
    level: 6,
    levelZh: "六级",
    zh: "严重污染",
    en: "Severely polluted",
    low: 301,
    high: 500,
    colourZh: "褐红",
    colour: "#7e0023",
  },
];

/** @param index an AQI or IAQI, an integer from 0 to 500; throws RangeError on anything else. */
export function categoryOf(index: number): AqiCategory {
  const category = AQI_CATEGORIES.find(({ low, high }) => low <= index && index <= high);
  if (category === undefined) throw new RangeError(`${index} is not an air quality index`);
  return category;
}
