import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that Linux gives to outgoing connections (ip_local_port_range, from 32768 on): none of them takes
 *  the port of a server that is down for a while. */
const [LOWEST, HIGHEST] = [10_000, 32_000];

/** TCP ports of the loopback address that nothing listens on now, all different. For servers that must know the ports of
 *  their peers, or come back on their own one: nobody else is given them as long as this process lives. */
export async function freePorts(count: number): Promise<number[]> {
  const free: number[] = [];
  while (free.length < count) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await takePort(port)) free.push(port);
  }
  return free;
}

/** Takes a port for this process, until its end. False where another one has taken it or listens on it.
 *  Between two test files that run at once a server that has not started yet, or is down, can be seen by nobody: what is
 *  taken is marked by the UDP port of the same number, which the system gives to one alone and takes back by itself. */
export async function takePort(port: number): Promise<boolean> {
  const mark = createSocket("udp4");
  const isMarked = await isOpened(() => once(mark.bind({ port, address: "127.0.0.1" }), "listening"));
  if (isMarked && (await isFree(port))) {
    mark.unref();
    return true;
  }
  mark.close();
  return false;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  if (!(await isOpened(() => once(server, "listening")))) return false;
  await once(server.close(), "close");
  return true;
}

/** False where somebody else has the port. */
async function isOpened(opening: () => Promise<unknown>): Promise<boolean> {
  try {
    await opening();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return false;
    throw error;
  }
}
