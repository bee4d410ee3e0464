import fc from "fast-check";
import { expect, test } from "vitest";
import { PAGES, parseRoute, routeHash } from "./use-route.ts";

const nothing = { ticket: null, station: null, episode: null, about: null };

test.each(["", "#", "#/", "#/nowhere", "#/%%%"])("%j is the overview", (hash) => {
  expect(parseRoute(hash)).toEqual({ page: "overview", ...nothing });
});

test("a link opens what it names", () => {
  expect(parseRoute("#/tickets?ticket=261122-0001")).toEqual({ page: "tickets", ...nothing, ticket: "261122-0001" });
});

test("whatever is open, the address leads back to it", () => {
  const id = fc.option(fc.string({ minLength: 1, maxLength: 20 }), { nil: null });
  const open = fc.record({ ticket: id, station: id, episode: id, about: id });
  fc.assert(
    fc.property(fc.constantFrom(...PAGES), open, (page, what) => {
      expect(parseRoute(routeHash({ page, ...what }))).toEqual({ page, ...what });
    }),
  );
});
