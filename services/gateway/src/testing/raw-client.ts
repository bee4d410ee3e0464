import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { generate, type Packet, parser } from "mqtt-packet";

/** A TCP connection that says exactly what the test wants. */
export class RawClient {
  readonly socket: Socket;
  readonly packets: Packet[] = [];
  readonly #parser = parser();
  /** Resolves when the other side is done with us. */
  readonly closed: Promise<void>;
  readonly #arrived = new EventTarget();

  constructor(port: number, onPacket: (packet: Packet) => void = () => undefined) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => this.socket.once("close", () => resolve()));
    this.#parser.on("packet", (packet) => {
      this.packets.push(packet);
      onPacket(packet);
      this.#arrived.dispatchEvent(new Event("packet"));
    });
    this.socket.on("data", (bytes) => this.#parser.parse(bytes));
  }

  send(...packets: readonly (Packet | Uint8Array)[]): void {
    this.socket.write(Buffer.concat(packets.map((one) => (one instanceof Uint8Array ? one : generate(one)))));
  }

  /** The next packet of a kind, or one that has come. */
  async packet<C extends Packet["cmd"]>(cmd: C): Promise<Extract<Packet, { cmd: C }>> {
    for (;;) {
      const found = this.packets.find((packet): packet is Extract<Packet, { cmd: C }> => packet.cmd === cmd);
      if (found) return found;
      await Promise.race([
        once(this.#arrived, "packet"),
        this.closed.then(() => {
          throw new Error(`closed before a ${cmd} came`);
        }),
      ]);
    }
  }
}

export const connectPacket = (id: string, password: string, over: object = {}): Packet => ({
  cmd: "connect",
  protocolId: "MQTT",
  protocolVersion: 4,
  clean: true,
  clientId: id,
  username: id,
  password: Buffer.from(password),
  keepalive: 60,
  ...over,
});

export const publishPacket = (topic: string, payload: string, messageId: number, dup = false): Packet => ({
  cmd: "publish",
  topic,
  payload,
  qos: 1,
  messageId,
  dup,
  retain: false,
});
