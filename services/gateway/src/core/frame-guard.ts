import { OversizePublish } from "./oversize-publish.ts";

/** Packet types, MQTT 3.1.1 section 2.2.1. */
const PUBLISH = 3;
const DISCONNECT = 14;
/** First byte of every connection: a CONNECT with its reserved flags, section 3.1.1. */
const CONNECT_BYTE = 0x10;
/** Bytes of a remaining length at most, section 2.2.3. */
const LENGTH_BYTES = 4;

export interface FrameLimits {
  /** Largest remaining length of a PUBLISH, bytes. */
  readonly publishBytes: number;
  /** Largest remaining length of any other packet, bytes. */
  readonly controlBytes: number;
  /** Bytes kept of a PUBLISH over its limit. */
  readonly headBytes: number;
}

/** Watches the packet boundaries in a connection's bytes, so that a packet over its limit is never gathered in memory:
 *  the parser behind waits for a whole packet before it judges. Pure. */
export class FrameGuard {
  readonly #limits: FrameLimits;
  #first = true;
  #inHeader = false;
  #type = 0;
  #flags = 0;
  #length = 0;
  #lengthBytes = 0;
  /** Bytes of the packet's body still to come. */
  #remaining = 0;
  #oversize: OversizePublish | undefined;
  #fault: "not-mqtt" | "packet-too-large" | undefined;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** A PUBLISH over the limit: nothing more of this connection reaches the parser. */
  get oversize(): OversizePublish | undefined {
    return this.#oversize;
  }
  /** Why the connection must end at once. */
  get fault(): "not-mqtt" | "packet-too-large" | undefined {
    return this.#fault;
  }

  /** What comes next is the first byte of a packet. */
  get betweenPackets(): boolean {
    return this.#remaining === 0 && !this.#inHeader;
  }

  /** The last packet was a DISCONNECT: the client goes of its own will. */
  get saidGoodbye(): boolean {
    return this.#type === DISCONNECT;
  }

  /** Takes the next bytes; returns how many of them, from the first, the parser may have. */
  inspect(chunk: Uint8Array): number {
    let i = 0;
    let packetStart = 0;
    while (i < chunk.length && !this.#oversize && !this.#fault) {
      if (this.#remaining > 0) {
        const step = Math.min(this.#remaining, chunk.length - i);
        this.#remaining -= step;
        i += step;
      } else {
        if (!this.#inHeader) packetStart = i;
        this.#header(chunk[i] ?? 0);
        i += 1;
      }
    }
    this.#oversize?.take(chunk.subarray(i));
    return this.#oversize || this.#fault ? packetStart : chunk.length;
  }

  #header(byte: number): void {
    if (this.#inHeader) {
      this.#lengthByte(byte);
      return;
    }
    this.#type = byte >> 4;
    this.#flags = byte & 0x0f;
    this.#length = 0;
    this.#lengthBytes = 0;
    this.#inHeader = true;
    // What begins otherwise is TLS, HTTP or worse.
    if (this.#first && byte !== CONNECT_BYTE) this.#fault = "not-mqtt";
    this.#first = false;
  }

  #lengthByte(byte: number): void {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    if (byte & 0x80) {
      if (this.#lengthBytes === LENGTH_BYTES) this.#fault = "not-mqtt";
      return;
    }
    this.#inHeader = false;
    this.#remaining = this.#length;
    const { publishBytes, controlBytes, headBytes } = this.#limits;
    if (this.#type === PUBLISH && this.#length > publishBytes) {
      this.#oversize = new OversizePublish(this.#length, this.#flags, headBytes);
    } else if (this.#type !== PUBLISH && this.#length > controlBytes) this.#fault = "packet-too-large";
  }
}
