import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { notLeftBehind } from "./servers/server-process.ts";

export const ROOT = resolve(import.meta.dirname, "..", "..");
const Ready = z.strictObject({ http: z.int(), mqtt: z.int(), pid: z.int() });

export interface EmbeddedOptions {
  /** Kept after stop() where given, so that a test can start again on it. */
  readonly dataDir?: string;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A module that is loaded before the system's own main; with it the process can be spoken to (`child.send`). */
  readonly preload?: string;
}

export interface Embedded {
  readonly http: number;
  readonly mqtt: number;
  readonly pid: number;
  readonly dataDir: string;
  readonly child: ChildProcess;
  /** What it printed so far, both streams. */
  output(): string;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL: no time to say or save anything. */
  kill(): Promise<void>;
}

/** A temporary folder and the function that removes it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "hotgrid-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts services/hotgrid as `npm start` does, on free ports, and waits for its ready file. */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<Embedded> {
  const own = temporaryFolder();
  const dataDir = options.dataDir ?? join(own.path, "data");
  const readyFile = join(own.path, "ready.json");
  const words = [
    "--data",
    dataDir,
    "--http-port",
    "0",
    "--mqtt-port",
    "0",
    "--ready-file",
    readyFile,
    ...(options.words ?? []),
  ];
  const child = startMain(words, options);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text) => (output += text));
  const exited = new Promise<number | null>((settle) => child.once("exit", (code) => settle(code)));
  const ready = await readyOf(child, own.path, readyFile, () => output).catch((error: unknown) => {
    own.remove();
    throw error;
  });
  return {
    ...ready,
    dataDir,
    child,
    output: () => output,
    stop: async () => {
      child.kill("SIGTERM");
      const code = await exited;
      own.remove();
      return code;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
      if (options.dataDir) own.remove();
    },
  };
}

function startMain(words: readonly string[], { env, preload }: EmbeddedOptions): ChildProcess {
  const main = join(ROOT, "services", "hotgrid", "src", "main.ts");
  const before = preload === undefined ? [] : ["--import", preload];
  const node = ["--disable-warning=ExperimentalWarning", ...before, main, ...words];
  return spawn(...notLeftBehind(process.execPath, node), {
    cwd: ROOT,
    stdio: preload === undefined ? ["ignore", "pipe", "pipe"] : ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, ...env },
  });
}

function readyOf(
  child: ChildProcess,
  folder: string,
  file: string,
  output: () => string,
): Promise<z.infer<typeof Ready>> {
  return new Promise((settle, reject) => {
    const look = () => {
      if (!existsSync(file)) return;
      watcher.close();
      settle(Ready.parse(JSON.parse(readFileSync(file, "utf8"))));
    };
    const watcher = watch(folder, look);
    // Not at its exit: what it printed last may still be on its way then.
    child.once("close", (code) => {
      watcher.close();
      reject(new Error(`the system ended with code ${code} before it was ready:\n${output()}`));
    });
    // It may have been faster than the watcher.
    look();
  });
}
