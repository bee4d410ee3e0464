import { ROLES, type Role } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { PAGES } from "../use-route.ts";
import { mayDirect, maySeePage } from "./page-access.ts";

test.each<[Role, string[]]>([
  ["viewer", ["overview", "feed", "tickets", "duty"]],
  ["maintenance", ["overview", "feed", "tickets", "duty"]],
  ["inspector", ["overview", "feed", "inspection"]],
  ["operator", ["overview", "feed", "tickets", "duty", "notifications", "boundaries", "dead-letters"]],
  ["supervisor", ["overview", "feed", "tickets", "inspection", "duty", "notifications", "boundaries", "audit"]],
  ["administrator", [...PAGES]],
])("%s finds the pages that the server answers, and no other", (role, pages) => {
  expect(PAGES.filter((page) => maySeePage(page, role))).toEqual(pages);
});

test("the demo is directed from the desk only", () => {
  expect(ROLES.filter(mayDirect).toSorted()).toEqual(["administrator", "operator", "supervisor"]);
});
