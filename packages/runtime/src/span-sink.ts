import {
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { AlwaysOnSampler, BatchSpanProcessor, type IdGenerator, TracerProvider } from "@opentelemetry/sdk-trace";
import type { FinishedSpan } from "./finished-span.ts";
import type { Log } from "./log.ts";

/** Loaded only where tracing is on: OpenTelemetry costs some megabytes and a tenth of a second. */

interface Ids {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
}

interface SpanSink {
  take(service: string, span: FinishedSpan, ids: Ids): void;
  close(withinMs: number): Promise<void>;
}

/** Who gives something on, who takes it, who calls somebody. */
const KINDS: Readonly<Record<string, SpanKind>> = {
  publish: SpanKind.PRODUCER,
  ticket: SpanKind.PRODUCER,
  notify: SpanKind.CLIENT,
};

/** Gives each span the ids that were worked out for it. */
class GivenIds implements IdGenerator {
  next: Ids = { traceId: "", spanId: "", parentId: null };
  readonly generateTraceId = (): string => this.next.traceId;
  readonly generateSpanId = (): string => this.next.spanId;
}

/** Gathers finished spans and sends them on, at most 2048 waiting: what is beyond is dropped, and the collector being
 *  away holds up nothing. */
export function createSpanSink(log: Log): SpanSink {
  const warn = (message: string) => log.warn({ detail: message.slice(0, DETAIL_LENGTH) }, "traces are not sent");
  const silent = () => undefined;
  const logger = { error: warn, warn, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const idGenerator = new GivenIds();
  const processor = new BatchSpanProcessor({ exporter: new OTLPTraceExporter() });
  const fromEnvironment = detectResources({ detectors: [envDetector] });
  const tracers = new Map<string, Tracer>();
  const tracerOf = (service: string): Tracer => {
    const resource = resourceFromAttributes({ "service.name": `hotgrid-${service}` }).merge(fromEnvironment);
    const options = { resource, idGenerator, sampler: new AlwaysOnSampler(), spanProcessors: [processor] };
    const tracer = tracers.get(service) ?? new TracerProvider(options).getTracer(`hotgrid-${service}`);
    tracers.set(service, tracer);
    return tracer;
  };
  return {
    take: (service, { name, reading, from, to, fields, failed }, ids) => {
      idGenerator.next = ids;
      const { traceId, parentId: spanId } = ids;
      const parent = { traceId, spanId: spanId ?? "", traceFlags: TraceFlags.SAMPLED, isRemote: true };
      const context = spanId === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
      const named = Object.entries(fields ?? {}).map(([key, value]) => [`hotgrid.${key}`, value] as const);
      const attributes = { "hotgrid.reading": reading, ...Object.fromEntries(named) };
      const kind = KINDS[name] ?? SpanKind.CONSUMER;
      const span = tracerOf(service).startSpan(name, { kind, attributes, startTime: from }, context);
      if (failed !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failed });
      span.end(to);
    },
    close: async (withinMs) => {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, withinMs);
      // What the collector did not take is told by the logger above.
      await Promise.race([processor.shutdown().catch((error: unknown) => warn(String(error))), late.promise]);
      clearTimeout(timer);
    },
  };
}

/** Characters of what the exporter says that are logged. Ours. */
const DETAIL_LENGTH = 300;
