import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A TCP way to a server that can be cut. */
export interface CutProxy {
  /** host:port for clients. */
  readonly address: string;
  /** Ends every connection that goes through it, without a word. */
  cut(): void;
  close(): Promise<void>;
}

export async function startCutProxy(target: string): Promise<CutProxy> {
  const [host, port] = target.split(":");
  const sockets = new Set<Socket>();
  const server = createServer((from) => {
    const to = connect(Number(port), host);
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      // What is cut is cut: the error of a socket is what the test is about.
      socket.on("error", () => undefined);
    }
    from.pipe(to).pipe(from);
    from.on("close", () => to.destroy());
    to.on("close", () => from.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    address: `127.0.0.1:${address.port}`,
    cut,
    close: async () => {
      cut();
      await once(server.close(), "close");
    },
  };
}
