import { expect, test } from "vitest";
import { storedLanguage, storeLanguage } from "./language-choice.ts";

function memory() {
  const kept = new Map<string, string>();
  return () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
}
const forbidden = () => {
  throw new Error("SecurityError");
};

test("the choice is Chinese until made, and then kept", () => {
  const storage = memory();
  expect(storedLanguage(storage)).toBe("zh");
  storeLanguage(storage, "en");
  expect(storedLanguage(storage)).toBe("en");
});

test("a value that is no language is Chinese", () => {
  const storage = memory();
  storage().setItem("hotgrid.language", "klingon");
  expect(storedLanguage(storage)).toBe("zh");
});

test("a browser that forbids storage can still be read", () => {
  expect(() => storeLanguage(forbidden, "en")).not.toThrow();
  expect(storedLanguage(forbidden)).toBe("zh");
});
