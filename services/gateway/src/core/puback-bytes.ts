/** PUBACK: type, length of the rest; MQTT 3.1.1 section 3.4. */
const [PUBACK, REST] = [0x40, 2];

/** One PUBACK after the other. */
export function pubackBytes(messageIds: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 * messageIds.length);
  let at = 0;
  for (const id of messageIds) {
    bytes[at] = PUBACK;
    bytes[at + 1] = REST;
    bytes.writeUInt16BE(id, at + 2);
    at += 4;
  }
  return bytes;
}
