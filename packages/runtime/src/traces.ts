import { hash } from "node:crypto";
import type { FinishedSpan } from "./finished-span.ts";
import type { Log } from "./log.ts";
import { readTraceSettings } from "./trace-settings.ts";

/** Where spans go. */
export interface Traces {
  /** Whether this reading is one of the share that is traced: every service answers alike. */
  samples(reading: string): boolean;
  span(service: string, span: FinishedSpan): void;
  /** Sends what is left, within a bounded time. */
  close(): Promise<void>;
}

/** Longest time that a stopping process waits for its last spans to be taken, ms. Ours: it drains within 10 s. */
const CLOSE_MS = 2000;
const HEX_OF_TRACE = 32;
const HEX_OF_SPAN = 16;

/** Ids of W3C Trace Context are derived from what the step is about instead of drawn, so that no message carries them: a
 *  reading's trace is the same whichever process works on it, in whichever log it lies, also after a restart
 *  (docs/decisions/0011-traces-without-transport.md). */
const traceIdOf = (reading: string): string => hash("sha256", `trace ${reading}`).slice(0, HEX_OF_TRACE);
const spanIdOf = (id: string): string => hash("sha256", `span ${id}`).slice(0, HEX_OF_SPAN);

/** Sends spans by OTLP over HTTP where the standard variables name a collector; undefined, and nothing loaded, where
 *  they do not. Throws an Error that names the variable at fault. */
export async function openTraces(env: NodeJS.ProcessEnv, log: Log): Promise<Traces | undefined> {
  const settings = readTraceSettings(env);
  if (settings === null) return undefined;
  const { createSpanSink } = await import("./span-sink.ts");
  const sink = createSpanSink(log);
  return {
    samples: (reading) => Number.parseInt(traceIdOf(reading).slice(0, 8), 16) < settings.share * 2 ** 32,
    span: (service, span) => {
      const ids = { traceId: traceIdOf(span.reading), spanId: spanIdOf(span.id) };
      sink.take(service, span, { ...ids, parentId: span.after === null ? null : spanIdOf(span.after) });
    },
    close: () => sink.close(CLOSE_MS),
  };
}
