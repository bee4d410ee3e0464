import { expect, test } from "vitest";
import { fill } from "../language/dictionary.ts";
import type { Text } from "../language/language-context.tsx";
import { type SharedPhrases, sharedPhrases } from "../language/shared-phrases.ts";
import { countdown, relativeTime, spanText } from "./spans.ts";

const zh: Text<SharedPhrases> = (key, values) => fill(sharedPhrases[key], "zh", values);
const en: Text<SharedPhrases> = (key, values) => fill(sharedPhrases[key], "en", values);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each<[number, string]>([
  [0, "00:00"],
  [999, "00:00"],
  [5 * MINUTE + 9 * SECOND, "05:09"],
  [59 * MINUTE + 59 * SECOND, "59:59"],
  [HOUR + 2 * MINUTE + 3 * SECOND, "1:02:03"],
  [DAY - SECOND, "23:59:59"],
  [2 * DAY + 3 * HOUR, "2 天 3 小时"],
])("%i ms are %s", (ms, expected) => {
  expect(spanText(ms, zh)).toBe(expected);
});

test.each<[string, number, { overdue: boolean; soon: boolean; label: string }]>([
  ["there is time", 30 * MINUTE, { overdue: false, soon: false, label: "剩余 30:00" }],
  ["six minutes before it is a warning", 6 * MINUTE, { overdue: false, soon: true, label: "剩余 06:00" }],
  ["the due moment itself is overdue", 0, { overdue: true, soon: false, label: "超时 00:00" }],
  ["past it counts up", -90 * SECOND, { overdue: true, soon: false, label: "超时 01:30" }],
])("%s", (_rule, left, expected) => {
  expect(countdown(1e12 + left, 1e12, zh)).toMatchObject(expected);
});

test.each<[number, string]>([
  [0, "just now"],
  [59 * SECOND, "just now"],
  [-30 * SECOND, "just now"],
  [MINUTE, "1 min ago"],
  [3 * HOUR + MINUTE, "3 h ago"],
  [2 * DAY, "2 d ago"],
  [-5 * MINUTE, "in 5 min"],
])("%i ms ago is %s", (ago, expected) => {
  expect(relativeTime(1e12 - ago, 1e12, en)).toBe(expected);
});
