import { SIGN_ON_OUTCOMES } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { LANGUAGES, placeholders } from "../language/dictionary.ts";
import { sessionPhrases } from "./session-phrases.ts";

test("every phrase is there in both languages, with the same values", () => {
  for (const [key, phrase] of Object.entries(sessionPhrases)) {
    for (const language of LANGUAGES) expect([key, phrase[language].trim()]).not.toEqual([key, ""]);
    expect([key, placeholders(phrase.en)]).toEqual([key, placeholders(phrase.zh)]);
    expect([key, /\p{Script=Han}/u.test(phrase.en)]).toEqual([key, false]);
  }
});

test("whatever a single sign-on may end with has its words, but the two that go on", () => {
  for (const outcome of SIGN_ON_OUTCOMES)
    if (outcome !== "ok" && outcome !== "second-factor") expect(sessionPhrases).toHaveProperty([`signOn.${outcome}`]);
});
