import type { Role, Ticket } from "@hotgrid/contracts";
import { STATE_ZH } from "./state-names.ts";
import type { Step } from "./transitions.ts";

/** Why a command was not done: forbidden (never for this account), conflict (not now), invalid (not with this body). */
export interface Refusal {
  readonly refused: string;
  readonly outcome: "forbidden" | "conflict" | "invalid";
  readonly message: { readonly zh: string; readonly en: string };
}

const refusal = (outcome: Refusal["outcome"], refused: string, zh: string, en: string): Refusal => ({
  refused,
  outcome,
  message: { zh, en },
});

/** One place for what people read when a command is refused. */
export const refusals = {
  forbidden: (step: Step, role: Role) =>
    refusal("forbidden", "not-permitted", "您无权对此工单执行该操作", `as ${role} you may not ${step} this ticket`),
  changedMeanwhile: (ticket: Ticket) =>
    refusal(
      "conflict",
      "changed-meanwhile",
      `工单已被更新（第 ${ticket.revision} 版），请刷新后再操作`,
      `the ticket has changed meanwhile (revision ${ticket.revision}): look at it again`,
    ),
  notInThisState: (ticket: Ticket, step: Step) =>
    refusal(
      "conflict",
      `not-while-${ticket.state}`,
      `工单目前为“${STATE_ZH[ticket.state]}”，不能执行该操作`,
      `not possible while the ticket is ${ticket.state}: ${step}`,
    ),
  merged: (ticket: Ticket) =>
    refusal(
      "conflict",
      "merged",
      `工单已并入 ${ticket.mergedInto}，请重开该工单`,
      `it was merged into ${ticket.mergedInto}: reopen that one`,
    ),
  noInspection: () =>
    refusal(
      "conflict",
      "no-inspection",
      "该工单目前没有待核查的第三方核查任务",
      "no inspection of this ticket is waiting for a result",
    ),
  until: (maxDays: number) =>
    refusal(
      "invalid",
      "bad-until",
      `挂账截止时间必须在将来，且不超过 ${maxDays} 天`,
      `until has to be in the future, at most ${maxDays} days ahead`,
    ),
  nobodyAbove: () => refusal("conflict", "nobody-above", "上级没有在岗的负责人", "nobody is on duty at a level above"),
  nobodyOnDuty: () =>
    refusal("conflict", "nobody-on-duty", "该地点没有在岗的负责人", "nobody is on duty for the place"),
  unknownOfficer: () =>
    refusal("invalid", "unknown-officer", "没有这位在岗的网格员", "there is no such officer with a division in term"),
  sameOfficer: () =>
    refusal("invalid", "same-officer", "工单已由该网格员负责", "this officer holds the ticket already"),
  outsideDivision: () =>
    refusal(
      "forbidden",
      "target-outside-division",
      "只能转派给本辖区内的网格员",
      "you can transfer only to officers of your division",
    ),
  unknownTicket: () =>
    refusal("invalid", "unknown-ticket", "没有可并入的工单", "there is no such ticket to merge into"),
  mergeIntoClosed: () =>
    refusal("conflict", "merge-into-closed", "目标工单已办结", "the ticket to merge into is closed"),
  mergeOtherKind: () =>
    refusal("conflict", "merge-other-kind", "不同类型的工单不能合并", "tickets of different kinds can't be merged"),
  badStations: () =>
    refusal(
      "invalid",
      "bad-stations",
      "请选择该工单的部分站点，且至少保留一个",
      "stationIds: choose stations of this ticket, and leave it at least one",
    ),
  anotherOpen: (id: string) =>
    refusal(
      "conflict",
      "another-open-ticket",
      `该地点已有未办结的工单 ${id}`,
      `the place has an open ticket already: ${id}`,
    ),
} as const;
