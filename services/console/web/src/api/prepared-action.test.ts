import { expect, test } from "vitest";
import { ApiError } from "./api-error.ts";
import type { CallOptions } from "./call.ts";
import { prepareAction } from "./prepared-action.ts";

const offline = () => new ApiError("offline", 0, null);

/** A server that answers with these in turn, and remembers what it was asked. */
function serverOf(...answers: (Error | string)[]) {
  const asked: { path: string; options: CallOptions }[] = [];
  const pauses: number[] = [];
  return {
    asked,
    pauses,
    keys: () => asked.map(({ options }) => options.headers?.["idempotency-key"]),
    delivery: {
      async send<T>(path: string, options: CallOptions = {}): Promise<T> {
        asked.push({ path, options });
        const answer = answers[asked.length - 1];
        if (answer instanceof Error) throw answer;
        return answer as T;
      },
      async pause(ms: number) {
        pauses.push(ms);
      },
    },
  };
}

test("a failure of the network is tried again under the same key, each time after a longer pause", async () => {
  const server = serverOf(offline(), new ApiError("busy", 503, null), "done");
  const action = prepareAction("/tickets/T1/respond", { note: "a" }, server.delivery);
  expect(await action.run()).toBe("done");
  expect(server.keys()).toEqual([action.key, action.key, action.key]);
  expect(action.key).toMatch(/^[0-9a-f]{32}$/);
  expect(server.pauses).toEqual([...server.pauses].sort((a, b) => a - b));
  expect(server.asked[0]?.options).toMatchObject({ method: "POST", body: { note: "a" } });
});

test("it gives up after four attempts; trying again later is the same deed", async () => {
  const server = serverOf(offline(), offline(), offline(), offline(), "done");
  const action = prepareAction("/tickets/T1/respond", {}, server.delivery);
  await expect(action.run()).rejects.toMatchObject({ kind: "offline" });
  expect(server.asked).toHaveLength(4);
  expect(await action.run()).toBe("done");
  expect(new Set(server.keys()).size).toBe(1);
});

test("what the server decided is not tried again", async () => {
  const server = serverOf(new ApiError("conflict", 409, null), "done");
  await expect(prepareAction("/x", {}, server.delivery).run()).rejects.toMatchObject({ kind: "conflict" });
  expect(server.asked).toHaveLength(1);
});

test("two deeds have two keys", () => {
  const { delivery } = serverOf();
  expect(prepareAction("/x", {}, delivery).key).not.toBe(prepareAction("/x", {}, delivery).key);
});
