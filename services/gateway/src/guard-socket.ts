import type { Socket } from "node:net";
import { FrameGuard, type FrameLimits } from "./core/frame-guard.ts";

/** Puts a guard between a socket and the parser that reads from it. The parser (aedes) takes what there is with
 *  `read()` whenever "readable" says so; it gets only what the guard lets pass. Wrapping that one method costs nothing
 *  per message, where a stream in between would copy and schedule each chunk. `onBytes` is called after every chunk. */
export function guardSocket(socket: Socket, limits: FrameLimits, onBytes: (guard: FrameGuard) => void): FrameGuard {
  const guard = new FrameGuard(limits);
  const read = socket.read.bind(socket);
  socket.read = (size?: number): Buffer | null => {
    const chunk: Buffer | null = read(size);
    if (chunk === null) return null;
    const passed = guard.inspect(chunk);
    onBytes(guard);
    if (passed === chunk.length) return chunk;
    return passed === 0 ? null : chunk.subarray(0, passed);
  };
  return guard;
}
