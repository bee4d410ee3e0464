import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A real HTTP endpoint on a free port that keeps what it gets. */
export class TestEndpoint {
  readonly received: Received[] = [];
  /** null: never answers; "cut": the connection breaks instead. */
  answer: (request: Received) => Answer | "cut" | null = () => ({ status: 200, body: '{"errcode":0,"code":0}' });
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method = "", url = "", headers } = request;
      const received = { method, path: url, headers, body: Buffer.concat(chunks).toString("utf8") };
      this.received.push(received);
      const answer = this.answer(received);
      if (answer === "cut") request.socket.destroy();
      else if (answer !== null) response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  }

  static async open(): Promise<TestEndpoint> {
    const endpoint = new TestEndpoint();
    await new Promise<void>((resolve) => endpoint.#server.listen(0, "127.0.0.1", resolve));
    return endpoint;
  }
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
