import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A TCP way to a server that can be cut, or to several as behind a balancer. */
export interface CutProxy {
  /** host:port for clients. */
  readonly address: string;
  readonly port: number;
  /** Ends every connection that goes through it, without a word. */
  cut(): void;
  close(): Promise<void>;
}

/** @param targets host:port of the server, or of several that take connections in turn; one that refuses is passed over
 *  @param listenOn port, a free one unless given */
export async function startCutProxy(targets: string | readonly string[], listenOn = 0): Promise<CutProxy> {
  const all = typeof targets === "string" ? [targets] : targets;
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // What is cut is cut: the error of a socket is what the test is about.
    socket.on("error", () => undefined);
  };
  let turn = 0;
  const server = createServer((from) => {
    track(from);
    const first = turn++ % all.length;
    forward(from, [...all.slice(first), ...all.slice(0, first)], track);
  }).listen(listenOn, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const port = portOf(server);
  return {
    ...{ address: `127.0.0.1:${port}`, port, cut },
    close: async () => {
      cut();
      await once(server.close(), "close");
    },
  };
}

/** Connects with the first of the targets that takes it. */
function forward(from: Socket, [target = "", ...others]: readonly string[], track: (socket: Socket) => void): void {
  const [host, port] = target.split(":");
  const to = connect(Number(port), host);
  track(to);
  let connected = false;
  to.on("connect", () => {
    connected = true;
    from.pipe(to).pipe(from);
  });
  from.on("close", () => to.destroy());
  to.on("close", () => {
    if (connected || others.length === 0 || from.destroyed) from.destroy();
    else forward(from, others, track);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return address.port;
}
