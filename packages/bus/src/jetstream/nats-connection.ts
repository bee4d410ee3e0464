import { readFileSync } from "node:fs";
import { type Log, Unavailable } from "@hotgrid/runtime";
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  type NatsConnection,
  type Status,
} from "@nats-io/transport-node";
import { WakeUp } from "../wake-up.ts";
import { natsFailure } from "./nats-failure.ts";

export interface NatsSettings {
  /** host:port of one server or of several of a cluster. */
  readonly servers: readonly string[];
  /** Shown in the server's list of connections. */
  readonly name: string;
  /** File of a user's JWT and seed, as `nsc` writes it. */
  readonly credentialsFile?: string;
  /** User and the file of the password, for servers without JWT. */
  readonly user?: string;
  readonly passwordFile?: string;
  /** PEM files. The authority's certificate turns TLS on; certificate and key are for servers that verify clients. */
  readonly tls?: { readonly caFile: string; readonly certFile?: string; readonly keyFile?: string };
}

/** Between two tries to connect anew, ms. Ours: a restarted server is found within a blink, a dead one costs nothing. */
const RECONNECT_MS = 250;
/** Longest time until a server lets in, ms. Ours. */
const CONNECT_MS = 5000;
/** A server that is silent for two of these is gone, ms. The client's default is two minutes; ours is below the time
 *  after which a lease moves. */
const PING_MS = 3000;

/** A connection that is made again for ever, and knows whether it stands. */
export class Nats {
  readonly nc: NatsConnection;
  /** Wakes whenever the connection is lost, made anew or closed. */
  readonly changed = new WakeUp();
  #up = true;
  #epoch = 0;
  readonly #log: Log;

  private constructor(nc: NatsConnection, log: Log) {
    this.nc = nc;
    this.#log = log;
    void this.#watch(nc.status());
  }

  /** Throws Unavailable where no server answers, and an Error that names the file where one can't be read. */
  static async connect(settings: NatsSettings, log: Log): Promise<Nats> {
    const options = optionsOf(settings);
    try {
      return new Nats(await connect(options), log);
    } catch (cause) {
      throw new Unavailable(`no NATS server at ${settings.servers.join(", ")}: ${String(cause)}`, { cause });
    }
  }

  get up(): boolean {
    return this.#up && !this.nc.isClosed();
  }
  /** Rises with every loss: what the server sent before it may be lost. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Asks the server. Throws Unavailable where what fails can pass, and as soon as the connection is lost: the answer
   *  would never come. */
  async ask<T>(what: string, question: () => Promise<T>): Promise<T> {
    if (!this.up) throw new Unavailable(`${what}: not connected to NATS`);
    const over = new AbortController();
    const lost = this.changed.wait(undefined, over.signal).then((): never => {
      throw new Unavailable(`${what}: the connection to NATS was lost`);
    });
    try {
      return await Promise.race([question(), lost]);
    } catch (error) {
      throw natsFailure(error, what);
    } finally {
      lost.catch(() => undefined);
      over.abort();
    }
  }

  async #watch(statuses: AsyncIterable<Status>): Promise<void> {
    for await (const status of statuses) {
      if (status.type === "disconnect") {
        this.#up = false;
        this.#epoch += 1;
        this.#log.warn({ server: status.server }, "connection to NATS lost, connecting anew");
        this.changed.wake();
      } else if (status.type === "reconnect") {
        this.#up = true;
        this.#log.info({ server: status.server }, "connected to NATS again");
        this.changed.wake();
      } else if (status.type === "error") this.#log.error({ err: status.error }, "NATS server reports an error");
    }
    this.changed.wake();
  }

  /** Sends what was said, then closes. */
  async close(): Promise<void> {
    if (this.up) await this.nc.drain();
    else await this.nc.close();
  }
}

function optionsOf({ servers, name, credentialsFile, user, passwordFile, tls }: NatsSettings): ConnectionOptions {
  return {
    servers: [...servers],
    name,
    timeout: CONNECT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    pingInterval: PING_MS,
    maxPingOut: 2,
    // A restarted server may refuse for a moment what it will grant; a wrong password is refused at the start anyway.
    ignoreAuthErrorAbort: true,
    ...(credentialsFile !== undefined && { authenticator: credsAuthenticator(secretOf(credentialsFile)) }),
    ...(user !== undefined && { user }),
    ...(passwordFile !== undefined && { pass: Buffer.from(secretOf(passwordFile)).toString().trim() }),
    ...(tls !== undefined && { tls }),
  };
}

function secretOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new Error(`无法读取 NATS 凭据文件 · the NATS credentials file ${file} can't be read`, { cause });
  }
}
