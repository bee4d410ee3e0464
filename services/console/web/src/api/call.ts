import { ApiError, failureKind, readProblem } from "./api-error.ts";
import { watchSession } from "./session-lost.ts";

const BASE = "/api/v1";
/** A phone in a field has slow, not endless, networks. Ours. */
const TIMEOUT_MS = 20_000;

/** A photo of 20 MB has to get through. As the server's bound for a request. */
const UPLOAD_TIMEOUT_MS = 120_000;

export interface CallOptions {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Sent as JSON, a form as it is. */
  readonly body?: unknown;
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Calls the console's API at `path` (below /api/v1). Resolves with the decoded answer, undefined for none; rejects
 *  with ApiError. The shape is the server's promise (contracts' zod schemas): the page trusts its own server. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const { method = "GET", body, headers, signal, timeoutMs = TIMEOUT_MS } = options;
  const form = body instanceof FormData;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  const onAbort = () => abort.abort();
  signal?.addEventListener("abort", onAbort);
  const tellSessionLost = watchSession();
  try {
    const response = await fetch(BASE + path, {
      method,
      credentials: "same-origin",
      headers: {
        accept: "application/json",
        ...(body === undefined || form ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
      signal: abort.signal,
    });
    if (response.status === 401 && !path.startsWith("/session")) tellSessionLost();
    return take<T>(response, await response.text());
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    throw new ApiError(signal?.aborted ? "aborted" : "offline", 0, null, cause);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Sends one file as the form field `file`. Rejects with ApiError. */
export function upload<T>(path: string, file: File): Promise<T> {
  const body = new FormData();
  body.append("file", file);
  const headers = { "x-requested-with": "hotgrid" };
  return call<T>(path, { method: "POST", body, headers, timeoutMs: UPLOAD_TIMEOUT_MS });
}

function take<T>(response: Response, text: string): T {
  const body = decode(text, response.headers.get("content-type") ?? "");
  if (!response.ok) throw new ApiError(failureKind(response.status), response.status, readProblem(body));
  return body as T;
}

function decode(text: string, contentType: string): unknown {
  if (text === "" || !/\bjson\b/.test(contentType)) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    // Cut off in mid-answer: as good as no answer.
    throw new ApiError("offline", 0, null, cause);
  }
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** All pages of a bounded list, at most `limit` items. */
export async function callPages<T>(path: string, limit: number, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const separator = path.includes("?") ? "&" : "?";
    const at: string = cursor === null ? "" : `${separator}cursor=${encodeURIComponent(cursor)}`;
    const page: Page<T> = await call<Page<T>>(path + at, signal ? { signal } : {});
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < limit);
  return items.slice(0, limit);
}

/** Saves what the API answers at `path` as a file. Rejects with ApiError. */
export async function download(path: string, mediaType: string, fileName: string): Promise<void> {
  const response = await fetch(BASE + path, { credentials: "same-origin", headers: { accept: mediaType } }).catch(
    (cause: unknown) => Promise.reject(new ApiError("offline", 0, null, cause)),
  );
  if (!response.ok) {
    const body = decode(await response.text(), response.headers.get("content-type") ?? "");
    throw new ApiError(failureKind(response.status), response.status, readProblem(body));
  }
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
