import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Aedes, type PublishPacket } from "aedes";

export interface Received {
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
}

/** A real broker on a free port. The secret of every station is `secret`. */
export interface TestBroker {
  readonly port: number;
  readonly received: Received[];
  /** Asked before each publish is acknowledged: false cuts the connection instead of a PUBACK. */
  admits: (received: Received) => boolean;
  /** Resolves when `enough` holds of what was received. */
  until(enough: (received: readonly Received[]) => boolean): Promise<void>;
  cutAll(): void;
  close(): Promise<void>;
}

export async function openBroker(): Promise<TestBroker> {
  const aedes = await Aedes.createBroker({
    authenticate: (_client, _username, password, done) => {
      if (password?.toString() === "secret") done(null, true);
      else done(Object.assign(new Error("bad secret"), { returnCode: 5 as const }), false);
    },
    authorizePublish: (_client, packet, done) => done(take(packet) ? null : new Error("not admitted")),
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  const waiting = new Set<() => void>();
  const broker: TestBroker = {
    port: 0,
    received: [],
    admits: () => true,
    until: (enough) =>
      new Promise((resolve) => {
        const look = () => {
          if (!enough(broker.received)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    cutAll: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      broker.cutAll();
      server.close();
      await new Promise<void>((resolve) => aedes.close(resolve));
    },
  };
  function take(packet: PublishPacket): boolean {
    const received = { topic: packet.topic, text: packet.payload.toString(), retain: packet.retain };
    if (!broker.admits(received)) return false;
    broker.received.push(received);
    for (const look of [...waiting]) look();
    return true;
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(broker, { port: (server.address() as AddressInfo).port });
}

/** The readings received, as decoded payloads with their station, in order of arrival. */
export function readingsOf(
  received: readonly Received[],
): { stationId: string; phenomenonTime: string; results: object }[] {
  return received
    .filter(({ topic }) => topic.endsWith("/readings"))
    .flatMap(({ topic, text }) => {
      const payload: unknown = JSON.parse(text);
      const stationId = topic.split("/")[2] ?? "";
      return (Array.isArray(payload) ? payload : [payload]).map((reading) => ({ stationId, ...reading }));
    });
}
