import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";

const CHILD = resolve(import.meta.dirname, "heic-child.ts");
/** Writable memory of the decoding process, KiB. Measured: 50 megapixels end with 730 MiB resident, and fail with a limit
 *  of 1 GiB, which counts what V8 keeps ready, too (setrlimit(2), RLIMIT_DATA). Where a system has no such limit, the
 *  bound is WebAssembly's own. */
const MEMORY_KIB = 1_572_864;
/** What the child's words may take, and what is kept of them, characters. */
const COMPLAINT_LENGTH = 2000;

export interface HeicBounds {
  readonly pixels: number;
  /** Longer edge of the answer, pixels. */
  readonly edge: number;
  readonly timeoutMs: number;
}

/** Decodes a HEIC into a PNG, upright, without metadata. HEVC's decoder is a large program for hostile input: it runs as
 *  WebAssembly in a process of its own, without our environment, that is bounded in time and memory and ends with the
 *  picture. Throws an Error that says why not. */
export async function decodeHeic(original: Buffer, { pixels, edge, timeoutMs }: HeicBounds): Promise<Buffer> {
  const limited = `ulimit -d ${MEMORY_KIB} 2>/dev/null; exec "$@"`;
  const words = [process.execPath, "--disable-warning=ExperimentalWarning", CHILD, String(pixels), String(edge)];
  const child = spawn("/bin/sh", ["-c", limited, "sh", ...words], {
    env: {},
    stdio: "pipe",
    signal: AbortSignal.timeout(timeoutMs),
    killSignal: "SIGKILL",
  });
  const ended = new Promise<void>((done, fail) => {
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(0, COMPLAINT_LENGTH);
    });
    child.once("error", fail);
    child.once("close", (code) => (code === 0 ? done() : fail(new Error(`HEIC not decoded (${code}): ${complaint}`))));
  });
  // A child that ends early leaves the rest unread: its exit code says why.
  child.stdin.on("error", () => undefined).end(original);
  const [png] = await Promise.all([buffer(child.stdout), ended]);
  return png;
}
