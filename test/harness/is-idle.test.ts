import type { Bus } from "@hotgrid/bus";
import { openTestDatabase } from "@hotgrid/store/testing";
import { expect, test } from "vitest";
import { isIdle } from "./is-idle.ts";

const NOW = 1_000_000;

test("news that goes from the outbox to the log right after the log was looked at is not overlooked", async () => {
  const db = await openTestDatabase();
  await db
    .insertInto("outbox")
    .values({ message_id: "T1#1", ticket_id: "T1", revision: 1, document: "{}", created_at: NOW, sent_at: null })
    .execute();
  const sent = db.updateTable("outbox").set({ sent_at: NOW });
  const lag = async (stream: string) => {
    if (stream === "tickets") await sent.execute();
    return 0;
  };
  expect(await isIdle(db, { lag } as unknown as Bus, NOW)).toBe(false);
  await sent.execute();
  expect(await isIdle(db, { lag } as unknown as Bus, NOW)).toBe(true);
  await db.destroy();
});
