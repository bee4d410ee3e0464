import { Agent, get } from "node:http";

export interface TimedRequests {
  /** From the request to the last byte of its answer, ms. */
  readonly times: readonly number[];
  /** Of the last answer, as it came over the wire. */
  readonly bytes: number;
}

/** One after the other on one connection, as a page's requests come, with what a browser says of compression. Throws where
 *  an answer is not 200. */
export async function timedRequests(port: number, cookie: string, paths: readonly string[]): Promise<TimedRequests> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  let bytes = 0;
  for (const path of paths) {
    const began = performance.now();
    bytes = await answer({ port, agent, path: `/api/v1${path}`, headers: { cookie, "accept-encoding": "br, gzip" } });
    times.push(performance.now() - began);
  }
  agent.destroy();
  return { times, bytes };
}

function answer(options: { readonly path: string; readonly [option: string]: unknown }): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", ...options }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => (bytes += chunk.length));
      response.on("end", () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`GET ${options.path}: ${response.statusCode}`));
      });
    }).on("error", reject);
  });
}
