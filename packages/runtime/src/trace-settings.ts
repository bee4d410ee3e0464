/** What the standard variables of OpenTelemetry say, as far as this code reads them itself. The exporter reads the others:
 *  OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_TIMEOUT, OTEL_EXPORTER_OTLP_COMPRESSION,
 *  OTEL_EXPORTER_OTLP_CERTIFICATE, OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, OTEL_EXPORTER_OTLP_CLIENT_KEY; the resource:
 *  OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME. */
interface TraceSettings {
  /** Share of the readings whose accepting and recording is traced, 0 to 1. What comes of them is always traced. */
  readonly share: number;
}

/** null: tracing is off. Throws an Error that names the variable, the value and the remedy. */
export function readTraceSettings(env: NodeJS.ProcessEnv): TraceSettings | null {
  const place = (["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"] as const).find((n) => env[n]);
  if (place === undefined || env["OTEL_SDK_DISABLED"]?.toLowerCase() === "true") return null;
  const endpoint = URL.parse(env[place] ?? "");
  if (endpoint?.protocol !== "http:" && endpoint?.protocol !== "https:") {
    throw new Error(`${place}=${env[place]}: give the collector's HTTP address, e.g. http://collector:4318`);
  }
  const protocol = env["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "http/json";
  if (protocol !== "http/json") {
    throw new Error(
      `OTEL_EXPORTER_OTLP_PROTOCOL=${protocol}: write http/json; collectors take it at their HTTP port, 4318`,
    );
  }
  const share = Number(env["OTEL_TRACES_SAMPLER_ARG"] ?? "1");
  if (!(share >= 0 && share <= 1)) {
    throw new Error(`OTEL_TRACES_SAMPLER_ARG=${env["OTEL_TRACES_SAMPLER_ARG"]}: give a share from 0 to 1`);
  }
  return { share };
}
