import type { StreamKey } from "@hotgrid/contracts";
import { Unavailable } from "@hotgrid/runtime";
import type { Appended, Entry } from "./port.ts";

interface Waiting {
  readonly stream: StreamKey;
  readonly entries: readonly Entry[];
  readonly bytes: number;
  readonly done: PromiseWithResolvers<readonly Appended[]>;
}

/** Bytes committed in one transaction, so that one commit never blocks the process for long. Ours. */
const GROUP_BYTES = 16 * 1024 * 1024;
/** Bytes that may wait for the disk before further appends are refused: memory stays bounded. Ours. */
const QUEUE_BYTES = 128 * 1024 * 1024;

/** Gathers the appends of one turn of the event loop into one commit: the disk is waited for once for all of them. */
export class AppendQueue {
  #waiting: Waiting[] = [];
  #bytes = 0;
  #scheduled = false;
  readonly #commit: (group: readonly Waiting[]) => Appended[][];

  /** `commit` writes all of a group, or throws and writes nothing. */
  constructor(commit: (group: readonly { stream: StreamKey; entries: readonly Entry[] }[]) => Appended[][]) {
    this.#commit = commit;
  }

  append(stream: StreamKey, entries: readonly Entry[]): Promise<readonly Appended[]> {
    const bytes = entries.reduce((sum, entry) => sum + entry.data.byteLength, 0);
    if (this.#waiting.length > 0 && this.#bytes + bytes > QUEUE_BYTES) {
      return Promise.reject(new Unavailable("the log has more waiting than it may hold"));
    }
    const waiting: Waiting = { stream, entries, bytes, done: Promise.withResolvers() };
    this.#waiting.push(waiting);
    this.#bytes += bytes;
    this.#schedule();
    return waiting.done.promise;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  /** Commits one group now. */
  flush(): void {
    const group = this.#takeGroup();
    if (group.length === 0) return;
    try {
      const results = this.#commit(group);
      group.forEach((waiting, index) => {
        waiting.done.resolve(results[index] ?? []);
      });
    } catch (error) {
      for (const waiting of group) waiting.done.reject(error);
    }
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    let size = 0;
    for (const waiting of this.#waiting) {
      if (size > 0 && bytes + waiting.bytes > GROUP_BYTES) break;
      bytes += waiting.bytes;
      size += 1;
    }
    this.#bytes -= bytes;
    return this.#waiting.splice(0, size);
  }
}
