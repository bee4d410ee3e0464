import { expect, test } from "vitest";
import { exampleTicket } from "../../example-views.ts";
import { boardColumns } from "./board-columns.ts";

const all = { county: null, kind: null, severity: null };
const states = (columns: ReturnType<typeof boardColumns>) => columns.map(({ state }) => state);

test("the columns follow the loop; that of the suspended is there when it holds one", () => {
  expect(states(boardColumns([], all))).toEqual([
    "dispatched",
    "responded",
    "handling",
    "feedback",
    "verification",
    "closed",
  ]);
  expect(states(boardColumns([exampleTicket({ state: "suspended" })], all))).toContain("suspended");
});

test("the filter keeps a county, a kind and a severity", () => {
  const tickets = [
    exampleTicket({ id: "a", division: "330602001017" }),
    exampleTicket({ id: "b", division: "330603003221", severity: "red" }),
    exampleTicket({ id: "c", division: "330602001017", kind: "device-fault" }),
  ];
  const shown = (filter: Partial<Parameters<typeof boardColumns>[1]>) =>
    boardColumns(tickets, { ...all, ...filter })[0]
      ?.tickets.map(({ id }) => id)
      .toSorted();
  expect(shown({ county: "330602" })).toEqual(["a", "c"]);
  expect(shown({ county: "330602", kind: "local" })).toEqual(["a"]);
  expect(shown({ kind: "device-fault" })).toEqual(["c"]);
  expect(shown({ severity: "red" })).toEqual(["b"]);
});

test("a column is bounded, and says how many it leaves out", () => {
  const tickets = Array.from({ length: 130 }, (_, n) => exampleTicket({ id: `T${n}` }));
  expect(boardColumns(tickets, all)[0]).toMatchObject({ more: 30 });
  expect(boardColumns(tickets, all)[0]?.tickets).toHaveLength(100);
});
