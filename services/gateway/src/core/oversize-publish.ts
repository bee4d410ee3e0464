/** A PUBLISH over the limit: its head is kept to show what it was, the rest is counted as it passes. */
export class OversizePublish {
  readonly #length: number;
  readonly #headLimit: number;
  readonly qos: number;
  #head: Uint8Array = new Uint8Array();
  #received = 0;

  /** `length` is the packet's remaining length, `flags` the low bits of its first byte. */
  constructor(length: number, flags: number, headLimit: number) {
    this.#length = length;
    this.#headLimit = Math.min(length, headLimit);
    this.qos = (flags >> 1) & 3;
  }

  take(bytes: Uint8Array): void {
    const wanted = this.#headLimit - this.#head.length;
    if (wanted > 0 && bytes.length > 0) this.#head = Buffer.concat([this.#head, bytes.subarray(0, wanted)]);
    this.#received += bytes.length;
  }

  get length(): number {
    return this.#length;
  }
  /** The head is here. */
  get known(): boolean {
    return this.#head.length === this.#headLimit;
  }
  /** The whole packet has passed. */
  get ended(): boolean {
    return this.#received >= this.#length;
  }

  /** MQTT 3.1.1 section 3.3.2: topic, packet id where QoS > 0, payload. */
  get contents(): { topic: string; packetId: number; payloadBytes: number; payloadHead: Buffer } {
    const head = Buffer.from(this.#head);
    const topicEnd = 2 + head.readUInt16BE(0);
    const payloadStart = this.qos > 0 ? topicEnd + 2 : topicEnd;
    // A topic longer than the head is nobody's topic: what there is of it shows what was tried.
    const packetId = this.qos > 0 && payloadStart <= head.length ? head.readUInt16BE(topicEnd) : 0;
    return {
      topic: head.toString("utf8", 2, topicEnd),
      packetId,
      payloadBytes: Math.max(0, this.#length - payloadStart),
      payloadHead: head.subarray(payloadStart),
    };
  }
}
