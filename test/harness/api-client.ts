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

  #send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.#origin}/api/v1${path}`, {
      method,
      headers: { cookie: this.#cookie, origin: this.#origin, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}
