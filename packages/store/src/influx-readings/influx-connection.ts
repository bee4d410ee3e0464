import { readFileSync } from "node:fs";
import { Unavailable } from "@hotgrid/runtime";
import { HttpError, InfluxDB, setLogger, type WriteApi } from "@influxdata/influxdb-client";
import { z } from "zod";
import { severalAtOnce } from "./several-at-once.ts";

export interface InfluxOptions {
  /** http(s)://HOST:PORT */
  readonly url: string;
  /** Database of 1.x and 3.x, bucket of 2.x. */
  readonly database: string;
  /** 1: `/write` (1.x). 2: `/api/v2/write` (2.x, 3.x, VictoriaMetrics). Queries go to `/query` in every version. */
  readonly writeVersion: 1 | 2;
  /** Organisation of 2.x. */
  readonly org?: string | undefined;
  /** File with the token (2.x, 3.x), or with USER:PASSWORD (1.x); without it nobody is asked who we are. */
  readonly secretFile?: string | undefined;
}

/** Values of one series, in the order of their times. */
export interface InfluxRow {
  /** Tag, where the query groups by it. */
  readonly station: string;
  /** Epoch ms. */
  readonly time: number;
  readonly fields: Readonly<Record<string, number>>;
}

const Answer = z.object({
  results: z
    .array(
      z.object({
        error: z.string().optional(),
        partial: z.boolean().optional(),
        series: z
          .array(
            z.object({
              tags: z.record(z.string(), z.string()).optional(),
              columns: z.array(z.string()),
              values: z.array(z.array(z.unknown())),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  error: z.string().optional(),
});

/** Ours: a query that takes longer is stuck. */
const ANSWER_WITHIN_MS = 30_000;
/** Points of one request. Measured by InfluxData and here: more gain nothing. */
const LINES_PER_WRITE = 5000;
/** Statements of one request. Ours. */
const STATEMENTS_PER_QUERY = 200;
/** Requests of one call that are under way: the next one is made while the server works on the last. Ours. */
const REQUESTS_AT_ONCE = 2;

/** The server knows us, and we may not do that. */
export class Forbidden extends Error {}

/** Failures are thrown, and told by who catches them. */
setLogger({ error: () => undefined, warn: () => undefined });

/** InfluxDB by HTTP: InfluxQL for reading, line protocol for writing. */
export class InfluxConnection {
  readonly #queryUrl: string;
  readonly #headers: Record<string, string>;
  readonly #write: WriteApi;

  constructor({ url, database, writeVersion, org = "", secretFile }: InfluxOptions) {
    const base = url.replace(/\/+$/, "");
    this.#queryUrl = `${base}/query?epoch=ms&db=${encodeURIComponent(database)}`;
    this.#headers =
      secretFile === undefined ? {} : { authorization: credentials(readFileSync(secretFile, "utf8").trim()) };
    const client = new InfluxDB({ url: base, timeout: ANSWER_WITHIN_MS, headers: this.#headers });
    // Without retries of its own: who called has not acknowledged yet, and the log brings the readings again. A buffer
    // that is never full: a full one the client sends by itself, and tells nobody whether that failed.
    const never = Number.POSITIVE_INFINITY;
    const once = { batchSize: 2, maxBatchBytes: never, flushInterval: 0, maxRetries: 0, maxBufferLines: 0 };
    // The server is near: packing and unpacking took a fifth of the recorder's time and a tenth of the server's.
    const plain = { gzipThreshold: never };
    this.#write = client.getWriteApi(org, database, "ms", { ...once, ...plain });
    if (writeVersion === 1) this.#write.path = `/write?db=${encodeURIComponent(database)}&precision=ms`;
  }

  /** Writes lines of line protocol. Resolves when the server has them; throws Unavailable where it can't take them. */
  async write(lines: Iterable<string>): Promise<void> {
    await severalAtOnce(inParts(lines, LINES_PER_WRITE), REQUESTS_AT_ONCE, async (part) => {
      this.#write.writeRecord(part.join("\n"));
      await this.#write.flush().catch((cause: unknown) => {
        throw writeFailure(cause);
      });
    });
  }

  /** Answers the rows of each statement. Throws Unavailable where the server can't answer. */
  async query(statements: readonly string[]): Promise<readonly (readonly InfluxRow[])[]> {
    const parts = inParts(statements, STATEMENTS_PER_QUERY);
    const answers = await severalAtOnce(parts, REQUESTS_AT_ONCE, (part) => this.#ask(part.join(";")));
    return answers.flatMap(({ results }) => results.map(({ series }) => series.flatMap(rowsOf)));
  }

  async #ask(q: string): Promise<z.infer<typeof Answer>> {
    const response = await fetch(this.#queryUrl, {
      method: "POST",
      // As with what is written.
      headers: { ...this.#headers, "accept-encoding": "identity" },
      body: new URLSearchParams({ q }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch((cause: unknown) => {
      throw new Unavailable("InfluxDB: no connection", { cause });
    });
    const text = await response.text().catch((cause: unknown) => {
      throw new Unavailable("InfluxDB: the connection ended within an answer", { cause });
    });
    if (isPassing(response.status)) throw new Unavailable(`InfluxDB: HTTP ${response.status} ${text.slice(0, 300)}`);
    if (response.status === 403) throw new Forbidden(`InfluxDB: HTTP 403 ${text.slice(0, 300)}`);
    if (!response.ok) throw new Error(`InfluxDB: HTTP ${response.status} ${text.slice(0, 300)}`);
    const answer = Answer.parse(JSON.parse(text));
    const error = answer.error ?? answer.results.find((result) => result.error !== undefined)?.error;
    if (error !== undefined) throw new Error(`InfluxDB: ${error}`);
    if (answer.results.some((result) => result.partial)) {
      throw new Error("InfluxDB: it cuts its answers; set max-row-limit = 0 in its [http] section");
    }
    return answer;
  }

  async close(): Promise<void> {
    await this.#write.close();
  }
}

function* inParts<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let part: T[] = [];
  for (const item of items) {
    part.push(item);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

function rowsOf(series: z.infer<typeof Answer>["results"][number]["series"][number]): InfluxRow[] {
  const station = series.tags?.["station"] ?? "";
  return series.values.map((row) => {
    const fields: Record<string, number> = {};
    for (const [i, column] of series.columns.entries()) {
      const value = row[i];
      if (i > 0 && typeof value === "number") fields[column] = value;
    }
    return { station, time: Number(row[0]), fields };
  });
}

/** "Token" is what 2.x and 3.x expect, and "Basic" what every 1.x does. */
const credentials = (secret: string): string =>
  secret.includes(":") ? `Basic ${Buffer.from(secret).toString("base64")}` : `Token ${secret}`;

/** Too many requests, or the server's own trouble. */
const isPassing = (status: number): boolean => status === 429 || status >= 500;

function writeFailure(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  if (!(cause instanceof HttpError)) return new Unavailable(`InfluxDB: no connection (${cause.message})`, { cause });
  if (isPassing(cause.statusCode))
    return new Unavailable(`InfluxDB: HTTP ${cause.statusCode} ${cause.message}`, { cause });
  return new Error(`InfluxDB refuses readings: HTTP ${cause.statusCode} ${cause.body ?? cause.message}`, { cause });
}
