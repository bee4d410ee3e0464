import { expect, test } from "vitest";
import { LANGUAGES } from "../language/dictionary.ts";
import { pushPhrases } from "./push-phrases.ts";

test("every phrase is there in both languages, and English is English", () => {
  for (const [key, phrase] of Object.entries(pushPhrases)) {
    for (const language of LANGUAGES) expect([key, phrase[language].trim()]).not.toEqual([key, ""]);
    expect([key, /\p{Script=Han}/u.test(phrase.en)]).toEqual([key, false]);
  }
});
