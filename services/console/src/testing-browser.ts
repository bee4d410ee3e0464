import { Problem } from "@hotgrid/contracts";
import type { z } from "zod";

/** What a request may add or leave out. */
export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Keeps the session's cookie between requests, as a browser does. */
export class TestBrowser {
  readonly #url: string;
  cookie = "";

  constructor(url: string) {
    this.#url = url;
  }

  /** `path` begins below /api/v1, unless it is a whole one. */
  async fetch(method: string, path: string, { headers = {}, body, signal }: RequestOptions = {}): Promise<Response> {
    const response = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.cookie === "" ? {} : { cookie: this.cookie }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) this.cookie = set.split(";")[0] ?? "";
    return response;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.fetch("GET", path, { headers });
  }

  /** What the contract says is there, or an error with what is. */
  async read<T extends z.ZodType>(
    path: string,
    schema: T,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<z.output<T>> {
    const response = await this.get(path, headers);
    if (response.status !== 200)
      throw new Error(`GET ${path} was answered ${response.status}: ${await response.text()}`);
    return schema.parse(await response.json());
  }

  /** The refusal that is expected: its status and problem document. */
  async refusal(method: string, path: string, options: RequestOptions = {}): Promise<Problem> {
    const response = await this.fetch(method, path, options);
    const text = await response.text();
    if (!response.headers.get("content-type")?.startsWith("application/problem+json"))
      throw new Error(`${method} ${path} was answered ${response.status} without a problem: ${text}`);
    const problem = Problem.parse(JSON.parse(text));
    if (problem.status !== response.status)
      throw new Error(`${problem.status} in the problem, ${response.status} outside`);
    return problem;
  }

  async logIn(username: string, password: string): Promise<void> {
    const response = await this.fetch("POST", "/session", { body: { username, password } });
    const text = await response.text();
    if (response.status !== 201) throw new Error(`login of ${username} was answered ${response.status}: ${text}`);
  }
}
