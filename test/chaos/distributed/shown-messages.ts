import type { Bus, LogMessage } from "@hotgrid/bus";
import type { Closing } from "@hotgrid/runtime";

/** A message of a log, where and as it was shown to somebody who reads along. */
export interface Shown {
  readonly seq: number;
  readonly text: string;
}

type Stream = "readings" | "episodes" | "tickets";

/** Time in which a log of some hundred messages is read again, ms. Ours: a reader asks for another server after half a minute. */
const READ_AGAIN_MS = 90_000;

const shownOf = ({ seq, data }: LogMessage): Shown => ({ seq, text: Buffer.from(data).toString() });

/** What a log shows from its first message on, until closed. */
export function shownBy(bus: Bus, stream: Stream, closing: Closing): readonly Shown[] {
  const shown: Shown[] = [];
  const take = async (messages: readonly LogMessage[]) => {
    shown.push(...messages.map(shownOf));
  };
  follow(bus, stream, take, closing);
  return shown;
}

/** The log as it stands, from its first message to the last one that was shown; less where that one is not there. */
export async function readAgain(bus: Bus, stream: Stream, shown: readonly Shown[]): Promise<readonly Shown[]> {
  const last = Math.max(0, ...shown.map(({ seq }) => seq));
  const messages: Shown[] = [];
  if (last === 0) return messages;
  for await (const batch of bus.read(stream, { from: 1, batch: 500 }, AbortSignal.timeout(READ_AGAIN_MS))) {
    messages.push(...batch.map(shownOf).filter(({ seq }) => seq <= last));
    if ((messages.at(-1)?.seq ?? 0) >= last) break;
  }
  return messages;
}

/** Hands over what a log has, from its first message on, until closed. What `take` throws stops the process. */
export function follow(
  bus: Bus,
  stream: Stream,
  take: (messages: readonly LogMessage[]) => Promise<void>,
  closing: Closing,
): void {
  const stop = new AbortController();
  const following = (async () => {
    for await (const batch of bus.read(stream, { from: 1, batch: 500 }, stop.signal)) {
      await take(batch);
    }
  })();
  closing.add(`reading of ${stream}`, () => {
    stop.abort(new Error("the run is over"));
    return following;
  });
}
