import {
  DEAD_LETTER_REASONS,
  EPISODE_KINDS,
  FeedbackCause,
  ObligationKind,
  Recovery,
  SEVERITIES,
  STATION_KINDS,
  SystemAction,
  TICKET_ACTIONS,
  TICKET_STATES,
} from "@hotgrid/contracts";
import { describe, expect, test } from "vitest";
import { officerPhrases } from "../officer/phrases.ts";
import { auditPhrases } from "../operator/audit/phrases.ts";
import { boundaryPhrases } from "../operator/boundaries/phrases.ts";
import { dutyPhrases } from "../operator/duty/phrases.ts";
import { inspectionPhrases } from "../operator/inspection/phrases.ts";
import { notificationPhrases } from "../operator/notifications/phrases.ts";
import { operatorPhrases } from "../operator/phrases.ts";
import { type Dictionary, fill, LANGUAGES, placeholders } from "./dictionary.ts";

const dictionaries: Readonly<Record<string, Dictionary>> = {
  operator: operatorPhrases,
  officer: officerPhrases,
  audit: auditPhrases,
  boundaries: boundaryPhrases,
  duty: dutyPhrases,
  inspection: inspectionPhrases,
  notifications: notificationPhrases,
};

describe.each(Object.entries(dictionaries))("the %s's page", (_page, dictionary) => {
  const phrases = Object.entries(dictionary);
  test("every phrase is there in every language", () => {
    const missing = phrases.filter(([, phrase]) => LANGUAGES.some((language) => phrase[language].trim() === ""));
    expect(phrases.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });
  test("both languages fill in the same values", () => {
    for (const [key, { zh, en }] of phrases) expect([key, placeholders(en)]).toEqual([key, placeholders(zh)]);
  });
  test("English holds no Chinese but the name of the language", () => {
    const mixed = phrases.filter(([key, { en }]) => key !== "language.switch" && /\p{Script=Han}/u.test(en));
    expect(mixed).toEqual([]);
  });
});

describe("whatever the contracts can say has its words", () => {
  const everywhere: [string, readonly string[]][] = [
    ["state", TICKET_STATES],
    ["kind", EPISODE_KINDS],
    ["severity", SEVERITIES],
    ["action", [...TICKET_ACTIONS, ...SystemAction.options]],
    ["cause", FeedbackCause.options],
    ["obligation", ObligationKind.options],
    ["recovery", Recovery.options],
  ];
  test.each(everywhere)("%s", (prefix, names) => {
    for (const name of names) {
      expect(officerPhrases).toHaveProperty([`${prefix}.${name}`]);
      expect(operatorPhrases).toHaveProperty([`${prefix}.${name}`]);
    }
  });
  const atTheDesk: [string, readonly string[]][] = [
    ["reason", DEAD_LETTER_REASONS],
    ["station.kind", STATION_KINDS],
    ["qc", ["1", "2", "3", "4", "9"]],
  ];
  test.each(atTheDesk)("%s, for the operator", (prefix, names) => {
    for (const name of names) expect(operatorPhrases).toHaveProperty([`${prefix}.${name}`]);
  });
});

test("a value that is not given stays visible as its placeholder", () => {
  expect(fill({ zh: "剩余 {time}", en: "{time} left" }, "en", { n: 3 })).toBe("{time} left");
});
