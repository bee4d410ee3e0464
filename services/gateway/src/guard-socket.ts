import type { Socket } from "node:net";
import { FrameGuard, type FrameLimits } from "./core/frame-guard.ts";

interface GuardListener {
  /** After every chunk. */
  onBytes(guard: FrameGuard): void;
  /** May take packets from a chunk that begins with one, before the parser; returns what is left, which is something. */
  takeFirst(bytes: Buffer): Buffer;
}

/** Puts a guard between a socket and the parser that reads from it. The parser (aedes) takes what there is with
 *  `read()` whenever "readable" says so; it gets only what the guard lets pass. Wrapping that one method costs nothing
 *  per message, where a stream in between would copy and schedule each chunk. */
export function guardSocket(socket: Socket, limits: FrameLimits, { onBytes, takeFirst }: GuardListener): FrameGuard {
  const guard = new FrameGuard(limits);
  const read = socket.read.bind(socket);
  socket.read = (size?: number): Buffer | null => {
    const chunk: Buffer | null = read(size);
    if (chunk === null) return null;
    const whole = guard.betweenPackets;
    const passed = guard.inspect(chunk);
    onBytes(guard);
    if (passed === 0) return null;
    const bytes = passed === chunk.length ? chunk : chunk.subarray(0, passed);
    return whole ? takeFirst(bytes) : bytes;
  };
  return guard;
}
