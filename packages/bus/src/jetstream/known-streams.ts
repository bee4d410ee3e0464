import { STREAMS, type StreamKey } from "@hotgrid/contracts";
import { type Log, Unavailable } from "@hotgrid/runtime";
import { JetStreamApiCodes, type JetStreamManager, type StreamConfig } from "@nats-io/jetstream";
import { hasCode } from "./has-code.ts";
import type { Nats } from "./nats-connection.ts";

/** Longest time in which a server that has a stream says so, ms. Ours. */
const ANSWERS_MS = 2000;
/** Pause between two looks whether the streams are known, ms. Ours: a cluster that was just started may need some. */
const LOOK_MS = 15_000;

/** What the cluster says of a stream; undefined where no server has it. Throws Unavailable where the leader of the
 *  cluster's metadata denies a stream that another server has: a node whose disk was full can forget all that was
 *  (docs/decisions/0015), and making the stream anew would set an empty one beside the one that is there. */
export async function configOfStream(
  nats: Nats,
  manager: JetStreamManager,
  name: string,
): Promise<StreamConfig | undefined> {
  try {
    return (await manager.streams.info(name)).config;
  } catch (error) {
    if (!hasCode(error, JetStreamApiCodes.StreamNotFound)) throw error;
  }
  if (await isAnywhere(nats, name)) throw new Unavailable(`${name} ${FORGOTTEN}`);
  return undefined;
}

/** The server that leads a stream answers for it, too, whatever the leader of the metadata says. */
async function isAnywhere({ nc }: Nats, name: string): Promise<boolean> {
  // A server on its own has nobody beside it.
  if (nc.info?.cluster === undefined) return false;
  const answers = await nc.requestMany(`$JS.API.STREAM.INFO.${name}`, "", { strategy: "timer", maxWait: ANSWERS_MS });
  for await (const answer of answers) {
    if (answer.json<{ config?: object }>().config !== undefined) return true;
  }
  return false;
}

const FORGOTTEN =
  "已被 NATS 集群的元数据主节点遗忘 · is forgotten by the leader of the NATS cluster's metadata, not late: " +
  "docs/operating.md, “Streams forgotten”";

/** Looks again and again whether the cluster still knows every stream, and says so where it does not: whoever works on
 *  one waits for it, and can't tell late from gone. */
export class StreamWatch {
  readonly #nats: Nats;
  readonly #manager: JetStreamManager;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  #missing: ReadonlySet<StreamKey> = new Set();
  #forgotten: readonly StreamKey[] = [];

  constructor({ nats, manager, log }: { nats: Nats; manager: JetStreamManager; log: Log }, everyMs = LOOK_MS) {
    this.#nats = nats;
    this.#manager = manager;
    this.#log = log;
    this.#timer = setInterval(() => void this.#look(), everyMs).unref();
  }

  /** Streams that the cluster did not know at the last two looks. */
  get forgotten(): readonly StreamKey[] {
    return this.#forgotten;
  }

  /** Throws Unavailable where it is one of those: another server may answer for it all the same. */
  refuseForgotten(stream: StreamKey): void {
    if (this.#forgotten.includes(stream)) throw new Unavailable(`${STREAMS[stream].name} ${FORGOTTEN}`);
  }

  async #look(): Promise<void> {
    const known = await this.#known();
    if (known === null) return;
    const missing = (Object.keys(STREAMS) as StreamKey[]).filter((key) => !known.has(STREAMS[key].name));
    this.#forgotten = missing.filter((key) => this.#missing.has(key));
    this.#missing = new Set(missing);
    const streams = this.#forgotten.map((key) => STREAMS[key].name);
    if (streams.length > 0) this.#log.error({ streams }, `${streams.join(", ")} ${FORGOTTEN}`);
  }

  /** Null where nobody answers: that is told by whoever works on the log. */
  async #known(): Promise<ReadonlySet<string> | null> {
    try {
      // By the leader of the metadata alone.
      return await this.#nats.ask("asking for the streams", async () => {
        const names = new Set<string>();
        for await (const name of this.#manager.streams.names()) names.add(name);
        return names;
      });
    } catch (err) {
      if (!(err instanceof Unavailable)) this.#log.error({ err }, "the cluster does not say which streams it knows");
      return null;
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
