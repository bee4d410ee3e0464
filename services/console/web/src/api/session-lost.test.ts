import { expect, test } from "vitest";
import { onSessionLost, tellSessionChanged, watchSession } from "./session-lost.ts";

test("a refusal ends the session in which the request was sent, and none that began later", () => {
  let lost = 0;
  const stop = onSessionLost(() => {
    lost += 1;
  });
  const tellLost = watchSession();
  tellLost();
  expect(lost).toBe(1);
  tellSessionChanged();
  tellLost();
  expect(lost).toBe(1);
  watchSession()();
  expect(lost).toBe(2);
  stop();
});
