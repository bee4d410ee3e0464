import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startTraceCollector, type TraceCollector } from "../../../test/harness/servers/trace-collector.ts";
import { readTraceSettings } from "./trace-settings.ts";
import { openTraces } from "./traces.ts";
import { Trail, wallTime } from "./trail.ts";

const READING = "HG-1@1795384062221";
const silent = pino({ level: "silent" });
const readings = [{ key: READING }, { key: "HG-2@1795384062221" }];
const keyOf = ({ key }: { key: string }) => key;

/** A log of that level, and the lines that were written. */
function logged(level: string) {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level, base: null }, { write: (line: string) => lines.push(JSON.parse(line)) });
  return { log, lines };
}

let collector: TraceCollector;
beforeEach(async () => {
  collector = await startTraceCollector();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await collector.close();
});

/** The exporter reads the process's own environment. */
function tracesTo(variables: Readonly<Record<string, string>>) {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return openTraces(process.env, silent);
}

describe("lines", () => {
  test("of readings are for debug, of what comes of them for info; all have the reading's key", () => {
    const { log, lines } = logged("info");
    const trail = new Trail(log, "gateway", undefined);
    trail.tell({ name: "publish", id: READING, reading: READING, from: wallTime() });
    trail.tell({ name: "decide", id: "e#1", reading: READING, from: wallTime(), fields: { episode: "e" } });
    const told = { level: 30, reading: READING, episode: "e", msg: "episode decided", ms: expect.any(Number) };
    expect(lines).toEqual([expect.objectContaining(told)]);
    expect(trail.followed(readings, keyOf)).toEqual([]);
    expect(trail.isTold).toBe(true);
    expect(new Trail(logged("warn").log, "gateway", undefined).isTold).toBe(false);
    const debugging = new Trail(logged("debug").log, "gateway", undefined);
    expect(debugging.followed(readings, keyOf)).toEqual(readings.map(keyOf));
  });

  test("of what no single reading decided have none", () => {
    const { log, lines } = logged("info");
    new Trail(log, "d", undefined).tell({ name: "decide", id: "e#1", reading: undefined, from: wallTime() });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toHaveProperty("reading");
  });
});

describe("traces", () => {
  test("are off, and nothing is loaded, unless an endpoint is named or where the SDK is disabled", async () => {
    expect(await openTraces({}, silent)).toBeUndefined();
    const disabled = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_SDK_DISABLED: "true" };
    expect(await openTraces(disabled, silent)).toBeUndefined();
  });

  test("of two processes join: who decides names as parent what the gateway sent, and nothing was sent between them", async () => {
    const variables = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20abc",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
    };
    const [here, there] = [await tracesTo(variables), await tracesTo(variables)];
    const from = wallTime();
    new Trail(silent, "gateway", here).tell({ name: "publish", id: READING, reading: READING, from });
    const detector = new Trail(silent, "detector", there);
    detector.tell({ name: "decide", id: "e#1", reading: READING, from, fields: { episode: "e" } });
    const after = ["decide", "e#1"] as const;
    detector.tell({ name: "dispatch", id: "e#1", reading: READING, after, from, failed: "nobody is on duty" });
    await Promise.all([here?.close(), there?.close()]);
    const [publish, decide, dispatch] = ["publish", "decide", "dispatch"].map((name) =>
      collector.spans.find((span) => span.name === name),
    );
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(publish).toMatchObject({ service: "hotgrid-gateway", about: { "hotgrid.reading": READING } });
    expect(publish?.parentSpanId ?? "").toBe("");
    expect(decide).toMatchObject({ service: "hotgrid-detector", parentSpanId: publish?.spanId });
    expect(decide?.about).toMatchObject({ "hotgrid.episode": "e" });
    expect(dispatch).toMatchObject({ parentSpanId: decide?.spanId, status: { code: 2 } });
    expect(Number(decide?.endTimeUnixNano)).toBeGreaterThanOrEqual(Number(decide?.startTimeUnixNano));
    expect(collector.headers[0]).toMatchObject({ authorization: "Bearer abc" });
  });

  test("of a share of the readings follow the same ones in every process; decisions are all traced", async () => {
    const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_TRACES_SAMPLER_ARG: "0.25" };
    const [here, there] = [await tracesTo(variables), await tracesTo(variables)];
    const keys = Array.from({ length: 400 }, (_, i) => ({ key: `HG-${i}@1795384062221` }));
    const followed = new Trail(silent, "gateway", here).followed(keys, keyOf);
    expect(followed.length).toBeGreaterThan(50);
    expect(followed.length).toBeLessThan(150);
    const recorder = new Trail(silent, "recorder", there);
    expect(recorder.followed(keys, keyOf)).toEqual(followed);
    for (const { key } of keys) recorder.tell({ name: "record", id: key, reading: key, from: wallTime() });
    for (const { key } of keys) recorder.tell({ name: "decide", id: key, reading: key, from: wallTime() });
    await Promise.all([here?.close(), there?.close()]);
    const count = (name: string) => collector.spans.filter((span) => span.name === name).length;
    expect([count("record"), count("decide")]).toEqual([followed.length, keys.length]);
  });

  test("that no collector takes hold up nobody, and say so once they are given up", async () => {
    await collector.close();
    const { log, lines } = logged("warn");
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint);
    vi.stubEnv("OTEL_EXPORTER_OTLP_TIMEOUT", "300");
    const traces = await openTraces(process.env, log);
    new Trail(silent, "gateway", traces).tell({ name: "publish", id: READING, reading: READING, from: wallTime() });
    await traces?.close();
    await expect.poll(() => lines).toContainEqual(expect.objectContaining({ msg: "traces are not sent" }));
    collector = await startTraceCollector();
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }, /OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318: give/],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "grpc://c" }, /OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=grpc:\/\/c: give/],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, /OTEL_EXPORTER_OTLP_PROTOCOL=grpc: write http\/json/],
    [{ OTEL_TRACES_SAMPLER_ARG: "half" }, /OTEL_TRACES_SAMPLER_ARG=half: give a share/],
  ])("with %j are refused, and the remedy is named", (variables, remedy) => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", ...variables };
    expect(() => readTraceSettings(env)).toThrow(remedy);
  });
});
