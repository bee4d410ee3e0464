import type { Dictionary } from "../../language/dictionary.ts";

export const boundaryPhrases = {
  "boundary.title": { zh: "界线问题", en: "Boundary proposals" },
  "boundary.hint": {
    zh: "网格员以“不是我的片区”退回的工单。采纳后请更正边界并导入（hotgrid grid import），此后的工单按新界线派发。",
    en: "Tickets that officers returned as not of their area. After accepting, correct the boundaries and import them (hotgrid grid import): tickets then follow the new ones.",
  },
  "boundary.open": { zh: "待处理", en: "Open" },
  "boundary.settled": { zh: "已处理", en: "Settled" },
  "boundary.none": { zh: "没有待处理的界线问题", en: "No open proposals" },
  "boundary.noneSettled": { zh: "还没有处理过的界线问题", en: "Nothing was settled yet" },
  "boundary.held": { zh: "派往", en: "Routed to" },
  "boundary.belongs": { zh: "应属", en: "Belongs to" },
  "boundary.unknown": { zh: "未说明", en: "Not said" },
  "boundary.by": { zh: "{name} · {at}", en: "{name} · {at}" },
  "boundary.cell": { zh: "网格 {cell}", en: "Cell {cell}" },
  "boundary.ticket": { zh: "工单 {id}", en: "Ticket {id}" },
  "boundary.accept": { zh: "采纳", en: "Accept" },
  "boundary.refuse": { zh: "不采纳", en: "Refuse" },
  "boundary.above": {
    zh: "由管辖双方的督办员或管理员处理",
    en: "A supervisor or administrator over both sides settles it",
  },
  "boundary.note": { zh: "处理意见", en: "What was decided" },
  "boundary.noteRequired": { zh: "请填写处理意见（至少两个字）", en: "Say what was decided, two characters at least" },
  "boundary.done": { zh: "已处理", en: "Settled" },
  "boundary.accepted": { zh: "已采纳", en: "Accepted" },
  "boundary.refused": { zh: "未采纳", en: "Refused" },
  "boundary.settledBy": { zh: "{who} · {at}：{note}", en: "{who} · {at}: {note}" },
} as const satisfies Dictionary;
