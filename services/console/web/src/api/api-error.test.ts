import { expect, test } from "vitest";
import { ApiError, describeError, type FailureKind, failureKind, readProblem } from "./api-error.ts";

test.each<[number, FailureKind]>([
  [400, "invalid"],
  [401, "session"],
  [403, "forbidden"],
  [404, "gone"],
  [409, "conflict"],
  [422, "invalid"],
  [429, "busy"],
  [500, "server"],
  [502, "busy"],
  [503, "busy"],
  [504, "busy"],
])("an answer of %i is %s", (status, kind) => {
  expect(failureKind(status)).toBe(kind);
});

test("only what may not have been decided is sent again", () => {
  const transient = (kind: FailureKind) => new ApiError(kind, 0, null).transient;
  expect(transient("offline")).toBe(true);
  expect(transient("busy")).toBe(true);
  expect(transient("conflict")).toBe(false);
  expect(transient("server")).toBe(false);
});

const problem = { type: "urn:x", title: "Conflict", status: 409, detail: "Already responded", detailZh: "已被响应" };

test("the server's own words are shown, with its remedy, in the reader's language", () => {
  const error = new ApiError("conflict", 409, readProblem({ ...problem, remedy: { zh: "请刷新", en: "Look again" } }));
  expect(describeError(error, "zh")).toBe("已被响应。请刷新");
  expect(describeError(error, "en")).toBe("Already responded. Look again");
});

test("without words of the server the kind of failure is explained", () => {
  expect(describeError(new ApiError("offline", 0, null), "zh")).toBe("网络不通，请检查网络后重试");
  expect(describeError(new ApiError("server", 500, null), "en")).toBe("The server failed (500)");
  expect(describeError(new TypeError("x is not a function"), "en")).toBe("The page failed. Reload it");
});

test.each<[string, unknown]>([
  ["a proxy's HTML", undefined],
  ["an empty object", {}],
  ["a detail that is no text", { detail: 7 }],
  ["null", null],
])("%s is no problem document", (_what, body) => {
  expect(readProblem(body)).toBeNull();
});

test("a problem without Chinese words is shown in the words there are", () => {
  expect(readProblem({ detail: "Bad gateway" })).toEqual({ detail: "Bad gateway", detailZh: "Bad gateway" });
});
