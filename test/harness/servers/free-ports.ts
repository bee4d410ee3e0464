import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that Linux gives to outgoing connections (ip_local_port_range, from 32768 on): none of them takes
 *  the port of a server that is down for a while. */
const [LOWEST, HIGHEST] = [10_000, 32_000];

/** TCP ports of the loopback address that nothing listens on now, all different. For servers that must know the ports of
 *  their peers, or come back on their own one. */
export async function freePorts(count: number): Promise<number[]> {
  const free = new Set<number>();
  while (free.size < count) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (!free.has(port) && (await isFree(port))) free.add(port);
  }
  return [...free];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return false;
    throw error;
  }
  await once(server.close(), "close");
  return true;
}
