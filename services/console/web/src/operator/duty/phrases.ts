import type { Dictionary } from "../../language/dictionary.ts";

export const dutyPhrases = {
  "duty.title": { zh: "值班查询", en: "Who is on duty" },
  "duty.hint": {
    zh: "按值班表、责任分工和请假替班，查过去或将来任一时刻由谁负责。",
    en: "By rosters, assignments and leave: who answers for a place at any moment, past or to come.",
  },
  "duty.place": { zh: "地点", en: "Place" },
  "duty.at": { zh: "时刻（当地时间）", en: "Moment (local time)" },
  "duty.now": { zh: "现在", en: "Now" },
  "duty.level": { zh: "层级", en: "Level" },
  "duty.officer": { zh: "值班人", en: "On duty" },
  "duty.phone": { zh: "电话", en: "Phone" },
  "duty.why": { zh: "依据", en: "Why" },
  "duty.standsInFor": { zh: "替 {name}", en: "for {name}" },
  "duty.nobody": { zh: "无人", en: "Nobody" },
  "duty.vendor": { zh: "设备运维：{name}", en: "Maintenance vendor: {name}" },
  "duty.noVendor": {
    zh: "没有设备运维单位，设备工单派给人员",
    en: "No maintenance vendor: device tickets go to officers",
  },
  "duty.week": { zh: "此后 7 天", en: "The 7 days from then on" },
  "duty.leaves": { zh: "请假与替班", en: "Leave and substitutes" },
  "duty.noLeaves": { zh: "这 7 天无人请假", en: "Nobody is away in these 7 days" },
  "duty.away": { zh: "{name} 请假 {from} 至 {to}", en: "{name} is away from {from} to {to}" },
  "duty.substitute": { zh: "由 {name} 替班", en: "{name} stands in" },
  "duty.noSubstitute": { zh: "无人替班", en: "no substitute" },
} as const satisfies Dictionary;
