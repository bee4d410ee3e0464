/** A person's HTTP client: logs in, keeps the cookie, says it comes from the same origin. */
export class ApiClient {
  readonly #origin: string;
  #cookie = "";

  constructor(port: number) {
    this.#origin = `http://127.0.0.1:${port}`;
  }

  async login(username: string, password: string): Promise<void> {
    const response = await this.#send("POST", "/session", { username, password });
    if (!response.ok) throw new Error(`login of ${username}: ${response.status} ${await response.text()}`);
    this.#cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; ");
  }

  async get(path: string): Promise<unknown> {
    const response = await this.#send("GET", path);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Status of the answer. */
  async post(
    path: string,
    body: unknown,
    more: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  ): Promise<number> {
    const response = await this.#send("POST", path, body, more);
    await response.arrayBuffer();
    return response.status;
  }

  /** Events of the live stream as they come, until the signal. */
  async *stream(signal: AbortSignal): AsyncGenerator<{ readonly event: string; readonly data: string }> {
    const response = await this.#send("GET", "/stream", undefined, { signal });
    if (!response.ok || response.body === null) throw new Error(`GET /stream: ${response.status}`);
    let text = "";
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      const events = `${text}${part}`.split("\n\n");
      text = events.pop() ?? "";
      for (const lines of events) {
        const [, event, data] = /^event: (.*)\ndata: (.*)$/m.exec(lines) ?? [];
        if (event !== undefined && data !== undefined) yield { event, data };
      }
    }
  }

  #send(
    method: string,
    path: string,
    body?: unknown,
    more: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {},
  ): Promise<Response> {
    return fetch(`${this.#origin}/api/v1${path}`, {
      method,
      headers: { cookie: this.#cookie, origin: this.#origin, "content-type": "application/json", ...more.headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(more.signal && { signal: more.signal }),
    });
  }
}
