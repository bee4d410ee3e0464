import { Rejected, Unavailable } from "@hotgrid/runtime";
import { Unanswered } from "../ports.ts";

export interface Posting {
  readonly method?: "POST" | "GET" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** For the whole exchange, ms of the wall. */
  readonly timeoutMs: number;
}

/** Bytes of an answer that are read. Ours: the robots answer in 100. */
const ANSWER_LIMIT_BYTES = 16 * 1024;
/** Statuses that pass by themselves (RFC 9110 15.5.9, RFC 8470 5.2, RFC 6585 4), beside 5xx. */
const PASSING = [408, 425, 429];

/** Codes of Node, its TLS and undici for a connection that did not come about: what they leave out may have been sent. */
const NOT_EVEN_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+|\w*CERT\w*)$/;

/** The other side said no, and will say it again. */
export class Refused extends Rejected {
  /** Of HTTP. */
  readonly status: number;
  constructor(status: number) {
    super("refused", { zh: `接收端拒绝：HTTP ${status}`, en: `the receiver refused it: HTTP ${status}` });
    this.name = "Refused";
    this.status = status;
  }
}

/** Sends one request and resolves with the answer's text, cut to 16 KiB, where the status is 2xx. Follows no redirect:
 *  a receiver is where the configuration says and nowhere else. Throws Rejected and Unavailable with the status or the
 *  network's error code only: the address itself may be a secret. */
export async function post(posting: Posting): Promise<string> {
  const { method = "POST", url, headers, body, timeoutMs } = posting;
  const signal = AbortSignal.timeout(timeoutMs);
  const content = method === "GET" ? {} : { body };
  const { status, retryAfterMs, text } = await exchange(url, {
    method,
    headers,
    ...content,
    redirect: "manual",
    signal,
  });
  if (status >= 200 && status < 300) return text;
  const what = `HTTP ${status}`;
  if (status >= 500 || PASSING.includes(status))
    throw new Unavailable(what, retryAfterMs === null ? {} : { retryAfterMs });
  throw new Refused(status);
}

async function exchange(url: string, request: RequestInit) {
  try {
    const response = await fetch(url, request);
    const text = await boundedText(response);
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    return { status: response.status, text, retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null };
  } catch (error) {
    const code = networkCode(error);
    if (NOT_EVEN_SENT.test(code)) throw new Unavailable(`no answer: ${code}`);
    throw new Unanswered(`no answer: ${code}`);
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early ends the connection: whoever answers without end costs 16 KiB.
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= ANSWER_LIMIT_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_LIMIT_BYTES).toString("utf8");
}

function networkCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { cause } = error;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return error.name;
}
