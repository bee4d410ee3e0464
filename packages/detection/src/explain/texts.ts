export interface Text {
  readonly zh: string;
  readonly en: string;
}

/** Reasons of local episodes. */
export const REASON_TEXTS: Readonly<Record<string, Text>> = {
  "hot-minutes": { zh: "待确认", en: "not yet confirmed" },
  learning: { zh: "系统仍在学习该站的规律，暂不派单", en: "still learning this station's habits, nobody is sent yet" },
  held: { zh: "持续偏高，已确认", en: "confirmed by its duration" },
  unmistakable: { zh: "明显偏高且不间断，已确认", en: "confirmed at once: strong and without a pause" },
  "second-station-agrees": { zh: "附近另一站同时偏高，已确认", en: "confirmed by a second station" },
  "second-property-agrees": { zh: "另一类监测因子同时偏高，已确认", en: "confirmed by another kind of sensor" },
  recurrence: { zh: "一小时内再次出现", en: "back within the hour" },
  withdrawn: { zh: "未持续，已撤销", en: "did not last, withdrawn" },
  recovered: { zh: "已恢复正常", en: "back to normal" },
  "device-check": {
    zh: "增量过于平稳或杂乱，更像设备问题",
    en: "too steady or too erratic for smoke: rather the device",
  },
};

/** Reasons of device faults, outages and interference. */
export const FAULT_TEXTS: Readonly<Record<string, Text>> = {
  negative: { zh: "读数低于零点", en: "reads below zero" },
  "fan-failure": { zh: "风扇停转（读数停在满量程）", en: "fan stands still (reads full scale)" },
  "flat-line": { zh: "读数长时间不变", en: "readings don't change" },
  zero: { zh: "读数为零，而周边不为零", en: "reads zero while the air around is not clean" },
  noise: { zh: "读数杂乱跳动", en: "readings are noise" },
  attenuated: { zh: "读数变化远小于周边，进气可能堵塞", en: "varies far less than its neighbours, inlet blocked?" },
  inverted: { zh: "PM10 低于 PM2.5，不可能", en: "PM10 below PM2.5, which is impossible" },
  bias: { zh: "长期偏离周边", en: "off its neighbours for long" },
  drift: { zh: "灵敏度漂移", en: "drifts away from its neighbours" },
  "device-check": {
    zh: "增量过于平稳或杂乱，更像设备问题而非污染",
    en: "an increment too steady or too erratic for smoke",
  },
  "clock-skew": { zh: "设备时钟不准", en: "the clock is wrong" },
  "unit-swap": { zh: "单位疑似弄错（毫克与微克）", en: "unit mixed up (milligrams and micrograms)" },
  "foreign-feed": { zh: "所发数据与另一站逐位相同", en: "sends another station's values, to the last digit" },
  silent: { zh: "没有数据", en: "no data" },
  "network-silent": {
    zh: "多站同时没有数据，可能是网络或平台故障",
    en: "many stations silent at once, network or platform",
  },
  misting: { zh: "疑似对站点喷雾洒水干扰监测", en: "somebody seems to spray water at the station" },
};
