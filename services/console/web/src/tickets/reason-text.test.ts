import { describe, expect, test } from "vitest";
import { LANGUAGES, placeholders } from "../language/dictionary.ts";
import { reasonPhrases } from "./reason-phrases.ts";
import { noteText, routingText } from "./reason-text.ts";

describe("why somebody was chosen", () => {
  test.each([
    ["assignment-village", "村社级责任人", "Responsible for the village"],
    ["pollution:shift-town", "镇街级值班表", "On the town's roster"],
    ["shift-county-substitute", "区县级值班表（替班）", "On the county's roster (substitute)"],
    [
      "devices:no-vendor-fallback-county",
      "无运维单位：下级无人，由区县级承担",
      "No vendor: Nobody below: the county stands in",
    ],
    ["devices:maintenance-vendor", "设备运维单位", "Maintenance vendor"],
    ["nobody-in-term", "无人在任", "Nobody in term"],
    ["something-new", "something-new", "something-new"],
  ])("%s is said in words", (reason, zh, en) => {
    expect([routingText(reason, "zh"), routingText(reason, "en")]).toEqual([zh, en]);
  });
});

test("a note of several names is a list, and one that is not known stays", () => {
  expect(noteText("more-stations, severity-rose", "zh")).toBe("波及更多站点，等级升高");
  expect(noteText("pollution:assignment-village", "en")).toBe("Responsible for the village");
  expect(noteText("unheard-of", "zh")).toBe("unheard-of");
});

test("every phrase is there in both languages, with the same values", () => {
  for (const [key, phrase] of Object.entries(reasonPhrases)) {
    for (const language of LANGUAGES) expect([key, phrase[language].trim()]).not.toEqual([key, ""]);
    expect([key, placeholders(phrase.en)]).toEqual([key, placeholders(phrase.zh)]);
  }
});
