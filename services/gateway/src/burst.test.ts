import { readingsTopic } from "@hotgrid/contracts";
import { generate } from "mqtt-packet";
import { afterEach, expect, test } from "vitest";
import { type GatewayRun, reading, startGatewayRun } from "./testing/gateway-run.ts";
import { connectPacket, publishPacket, RawClient } from "./testing/raw-client.ts";

let run: GatewayRun;
afterEach(() => run.close());

async function signedIn(): Promise<RawClient> {
  const client = new RawClient(run.gateway.port);
  client.send(connectPacket("HG-1", run.stations.secret("HG-1")));
  await client.packet("connack");
  return client;
}
const publish = (payload: string, messageId: number) => publishPacket(readingsTopic("HG-1"), payload, messageId);
const pubacks = ({ packets }: RawClient) => packets.flatMap((one) => (one.cmd === "puback" ? one.messageId : []));

test("publishes that arrive together are stored and answered in their order, a bad one among them is dead-lettered", async () => {
  run = await startGatewayRun();
  const client = await signedIn();
  const payloads = [reading({ seq: 1 }), "nonsense", `[${reading({ seq: 3 })}]`, reading({ seq: 4, vendor: "x" })];
  client.send(...payloads.map((payload, i) => publish(payload, 10 + i)));
  await expect.poll(() => pubacks(client)).toEqual([10, 11, 12, 13]);
  expect((await run.readings(3)).map(({ seq }) => seq)).toEqual([1, 3, 4]);
  expect((await run.deadLetters(1)).map(({ reason }) => reason)).toEqual(["not-json"]);
  expect(run.gateway.counters()).toMatchObject({ published: 4, acknowledged: 4, readingsAccepted: 3 });
});

test("who was retired meanwhile gets none of them in", async () => {
  run = await startGatewayRun();
  const client = await signedIn();
  run.stations.retire("HG-1");
  client.send(publish(reading(), 1), publish(reading(), 2), publish(reading(), 3));
  await client.closed;
  expect(pubacks(client)).toEqual([]);
  expect(run.gateway.counters()).toMatchObject({ published: 0, refused: { "credentials-changed": 1 } });
});

test("publishes behind a CONNECT in the same segment, and after it, are all stored", async () => {
  run = await startGatewayRun();
  const client = new RawClient(run.gateway.port);
  const first = [publish(reading({ seq: 1 }), 1), publish(reading({ seq: 2 }), 2)];
  client.send(connectPacket("HG-1", run.stations.secret("HG-1")), ...first);
  await expect.poll(() => pubacks(client)).toEqual([1, 2]);
  const rest = Buffer.concat(
    [publish(reading({ seq: 3 }), 3), publish(reading({ seq: 4 }), 4)].map((one) => generate(one)),
  );
  client.send(rest.subarray(0, 40));
  client.send(rest.subarray(40));
  await expect.poll(() => pubacks(client)).toEqual([1, 2, 3, 4]);
  expect((await run.readings(4)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
});
