import type { TicketState } from "@hotgrid/contracts";

/** What people call the states, in Chinese. */
export const STATE_ZH: Readonly<Record<TicketState, string>> = {
  dispatched: "已派发",
  responded: "已响应",
  handling: "处置中",
  feedback: "已反馈",
  verification: "待核查",
  suspended: "已挂账",
  closed: "已办结",
};
