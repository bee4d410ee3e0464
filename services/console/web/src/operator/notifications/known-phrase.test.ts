import { expect, test } from "vitest";
import { stepText, whyText } from "./known-phrase.ts";

test("a reason is said in words, with what it names", () => {
  expect(whyText("silenced 1a2b3c4d", "zh")).toBe("被静默 1a2b3c4d");
  expect(whyText("quiet-hours", "en")).toBe("quiet hours");
  expect(whyText("page-budget: told above", "zh")).toBe("超过每小时通知上限，已汇报上级");
});

test("what is not known stays as it is", () => {
  expect([whyText("something new", "zh"), stepText("something-new", "zh")]).toEqual(["something new", "something-new"]);
});
