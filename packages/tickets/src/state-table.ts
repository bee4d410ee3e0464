import { TICKET_STATES, type TicketState } from "@hotgrid/contracts";
import { STATE_ZH } from "./state-names.ts";
import { RUNNING, TRANSITIONS, type Transition } from "./transitions.ts";

/** The state machine as Markdown, for docs/tickets.md: written from the table itself, so that it can't tell another
 *  story than the code. */
export const stateTable = (): string => ["", clockTable(), "", ...TICKET_STATES.map(stateSection), ""].join("\n");

function clockTable(): string {
  const rows = TICKET_STATES.map((state) => [name(state), list(RUNNING[state])]);
  return table(["状态 state", "运行的时限 clocks that run"], rows);
}

function stateSection(state: TicketState): string {
  const rows = Object.entries(TRANSITIONS[state]).map(([step, transition]: [string, Transition]) => [
    `\`${step}\``,
    transition.by.join(", ") + condition(transition),
    destination(transition),
    list(transition.meets ?? []),
    list(transition.breaches ?? []),
    list(transition.restarts ?? []),
  ]);
  return `### ${name(state)}\n\n${table(HEADER, rows.toSorted())}\n`;
}

function condition({ notByHolder, fromAbove }: Transition): string {
  if (fromAbove) return " (of a level above who holds it)";
  return notByHolder ? " (not who holds it)" : "";
}

const HEADER = ["步骤 step", "谁 by", "之后 to", "按时完成 keeps", "超时 breaches", "重新起算 restarts"];

function destination({ to }: Transition): string {
  if (to === "same") return "不变 same";
  return to === "before-suspension" ? "挂账前的状态 as before" : name(to);
}

const name = (state: TicketState): string => `${STATE_ZH[state]} ${state}`;
const list = (words: readonly string[]): string => words.join(", ") || "–";

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
