import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { generate, type IPublishPacket, type Packet, type Parser, parser } from "mqtt-packet";
import { AnswerQueue } from "../core/answer-queue.ts";
import type { BridgeOptions } from "./bridge-options.ts";

/** Seconds without a word after which both sides ask. Ours. */
const KEEPALIVE_S = 30;
/** Between two looks at the connection; it is dead after twice the keep-alive, or where there is no subscription by then,
 *  ms. Ours. */
const LOOK_MS = (KEEPALIVE_S * 1000) / 2;
const DEAD_MS = 2 * KEEPALIVE_S * 1000;
/** Publishes in hand at which the socket is read no further, and again below half of them: what another broker keeps on
 *  its way is its own setting (Mosquitto 20, EMQX 32). Ours. */
const WINDOW = 512;
/** Longest time until a closing connection has sent what it has to, ms. Ours. */
const CLOSE_MS = 2000;
/** Return code of a SUBACK: refused. MQTT 3.1.1 section 3.9.3. */
const REFUSED = 0x80;

export type LinkSettings = Pick<BridgeOptions, "url" | "username" | "password" | "authority"> & {
  readonly clientId: string;
  readonly topics: readonly string[];
};

export interface LinkListener {
  subscribed(): void;
  /** The broker says no to a topic; the connection stays. */
  refused(): void;
  /** @param settle called with nothing once it is durable: it is acknowledged then; with an error the connection ends, so
   *    that the broker delivers again what has no acknowledgement */
  publish(packet: IPublishPacket, settle: (error?: Error) => void): void;
  /** Called once. */
  ended(error: Error): void;
}

/** One connection to another broker from its beginning to its end, as an MQTT 3.1.1 client with a lasting session. Every
 *  broker speaks it, NATS' nothing else; Mosquitto and EMQX know shared subscriptions in it as well. */
export class BridgeLink {
  readonly #settings: LinkSettings;
  readonly #listener: LinkListener;
  readonly #socket: Socket;
  readonly #parser: Parser = parser({ protocolVersion: 4 });
  readonly #answers = new AnswerQueue();
  readonly #look: NodeJS.Timeout;
  #heardAt = performance.now();
  #answering = false;
  #ended = false;

  constructor(settings: LinkSettings, listener: LinkListener) {
    this.#settings = settings;
    this.#listener = listener;
    this.#parser.on("packet", (packet) => this.#take(packet));
    this.#parser.on("error", (error) => this.end(error));
    this.#socket = connectTo(settings, () => this.#introduce());
    this.#socket.setNoDelay(true);
    this.#socket.on("data", (bytes) => {
      this.#heardAt = performance.now();
      this.#parser.parse(bytes);
    });
    this.#socket.on("error", (error) => this.end(error));
    this.#socket.on("close", () => this.end(new Error("the other broker has ended the connection")));
    this.#look = setInterval(() => this.#ask(), LOOK_MS);
  }

  get open(): boolean {
    return !this.#ended;
  }

  #introduce(): void {
    const { clientId, username, password } = this.#settings;
    const login = {
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password: Buffer.from(password) }),
    };
    const version = { protocolId: "MQTT", protocolVersion: 4 } as const;
    this.#send({ cmd: "connect", ...version, clean: false, keepalive: KEEPALIVE_S, clientId, ...login });
  }

  #take(packet: Packet): void {
    if (this.#ended) return;
    if (packet.cmd === "publish") this.#publish(packet);
    else if (packet.cmd === "connack") {
      if (packet.returnCode === 0) this.#subscribe();
      else this.end(new Error(`the other broker refuses the connection: return code ${packet.returnCode}`));
    } else if (packet.cmd === "suback") {
      if (packet.granted.some((code) => code === REFUSED)) this.#listener.refused();
      else this.#listener.subscribed();
    }
  }

  #subscribe(): void {
    const subscriptions = this.#settings.topics.map((topic) => ({ topic, qos: 1 }) as const);
    this.#send({ cmd: "subscribe", messageId: 1, subscriptions });
  }

  #publish(packet: IPublishPacket): void {
    const durable = this.#answers.add(packet.qos === 0 ? null : (packet.messageId ?? null));
    if (this.#answers.size >= WINDOW) this.#socket.pause();
    this.#listener.publish(packet, (error) => {
      if (this.#ended) return;
      if (error) this.end(error);
      else {
        durable();
        this.#answerSoon();
      }
    });
  }

  /** What becomes durable together is answered by one write. */
  #answerSoon(): void {
    if (this.#answering) return;
    this.#answering = true;
    queueMicrotask(() => {
      this.#answering = false;
      const answers = this.#answers.take();
      if (this.#ended) return;
      if (answers.length > 0) this.#socket.write(answers);
      if (this.#answers.size < WINDOW / 2) this.#socket.resume();
    });
  }

  #ask(): void {
    // While it is read no further, its silence is ours.
    const silent = performance.now() - this.#heardAt > DEAD_MS && !this.#socket.isPaused();
    if (silent) this.end(new Error("the other broker does not answer"));
    else if (!this.#socket.connecting) this.#send({ cmd: "pingreq" });
  }

  #send(packet: Packet): void {
    if (!this.#ended) this.#socket.write(generate(packet));
  }

  /** At once, without a word: the broker keeps the session. */
  end(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#look);
    this.#socket.destroy();
    this.#listener.ended(error);
  }

  /** Takes its leave; the broker keeps the session. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#send({ cmd: "disconnect" });
    this.#ended = true;
    clearInterval(this.#look);
    const late = setTimeout(() => this.#socket.destroy(), CLOSE_MS);
    const closed = once(this.#socket, "close");
    this.#socket.resume();
    this.#socket.end();
    // An error on the way out ends it as well.
    await closed.catch(() => undefined);
    clearTimeout(late);
  }
}

function connectTo({ url, authority }: LinkSettings, connected: () => void): Socket {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (protocol !== "mqtts:") return connectTcp({ host, port: Number(port || 1883) }, connected);
  return connectTls({ host, port: Number(port || 8883), ...(authority !== undefined && { ca: authority }) }, connected);
}
