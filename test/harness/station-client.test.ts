import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { StationClient } from "./station-client.ts";

/** MQTT 3.1.1, section 3.2: accepted; not authorised. */
const [ACCEPTED, REFUSED] = ["20020000", "20020005"];

/** A gateway that answers each connection as told, and none where there is nothing to tell. Its port. */
async function gateway(answers: readonly (string | null)[]): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const answer = answers[sockets.push(socket) - 1] ?? null;
    socket.on("error", () => undefined);
    if (answer !== null) socket.once("data", () => socket.write(Buffer.from(answer, "hex")));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test("a gateway that is too busy to answer is left for the next one", async () => {
  const ports = await Promise.all([gateway([]), gateway([ACCEPTED])]);
  const client = await StationClient.connect(ports, "S1", "secret");
  await client.close();
});

test("a refusal is told", async () => {
  await expect(StationClient.connect(await gateway([REFUSED]), "S1", "secret")).rejects.toThrow("Not authorized");
});
