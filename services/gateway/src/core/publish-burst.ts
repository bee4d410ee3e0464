/** First byte of a PUBLISH of QoS 1, whatever its flags DUP and RETAIN say, MQTT 3.1.1 section 3.3.1. */
const [PUBLISH_QOS_1, WITHOUT_FLAGS] = [0x32, 0xf6];
/** Bytes of a remaining length at most, section 2.2.3. */
const LENGTH_BYTES = 4;

interface BurstPublish {
  /** Where its packet begins. */
  readonly at: number;
  readonly messageId: number;
  readonly payload: Buffer;
}

/** Publishes that the broker gets of a burst: with two in hand it reads no further until one is answered (with one, it
 *  does). */
const LEFT = 2;

/** Several publishes that arrived together. */
interface Burst {
  /** All but the last two. */
  readonly first: readonly BurstPublish[];
  /** Where the last two begin. */
  readonly restAt: number;
}

/** The publishes of bytes that begin and end between packets and are nothing but PUBLISHes of QoS 1 to one topic, three at
 *  least. undefined for everything else, right or wrong. */
export function publishBurst(bytes: Buffer, topic: Buffer): Burst | undefined {
  const publishes: BurstPublish[] = [];
  let at = 0;
  for (;;) {
    const body = bodyOf(bytes, at);
    if (!body || !isTo(topic, bytes, body.start)) return undefined;
    const payloadAt = body.start + 2 + topic.length + 2;
    if (payloadAt > body.end) return undefined;
    const messageId = bytes.readUInt16BE(payloadAt - 2);
    if (messageId === 0) return undefined;
    publishes.push({ at, messageId, payload: bytes.subarray(payloadAt, body.end) });
    at = body.end;
    if (at === bytes.length) return burstOf(publishes);
  }
}

function burstOf(publishes: BurstPublish[]): Burst | undefined {
  const [next] = publishes.splice(-LEFT);
  return next && publishes.length > 0 ? { first: publishes, restAt: next.at } : undefined;
}

/** Where the variable header of a whole PUBLISH begins, and the packet's end. */
function bodyOf(bytes: Buffer, at: number): { readonly start: number; readonly end: number } | undefined {
  if (((bytes[at] ?? 0) & WITHOUT_FLAGS) !== PUBLISH_QOS_1) return undefined;
  let length = 0;
  for (let i = 0; i < LENGTH_BYTES; i++) {
    const byte = bytes[at + 1 + i] ?? 0;
    length += (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      const start = at + 2 + i;
      return start + length <= bytes.length ? { start, end: start + length } : undefined;
    }
  }
  return undefined;
}

function isTo(topic: Buffer, bytes: Buffer, at: number): boolean {
  if ((bytes[at] ?? 0) << 8 !== (topic.length & 0xff00) || bytes[at + 1] !== (topic.length & 0xff)) return false;
  for (let i = 0; i < topic.length; i++) if (bytes[at + 2 + i] !== topic[i]) return false;
  return true;
}
