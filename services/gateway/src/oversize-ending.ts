import { PAYLOAD_LIMIT_BYTES } from "@hotgrid/contracts";
import type { OversizePublish } from "./core/oversize-publish.ts";
import { refusalText } from "./core/refused-part.ts";
import type { Counts } from "./gateway-counters.ts";
import type { PublishHandler } from "./publish-handler.ts";
import type { StationSession } from "./station-session.ts";

/** Bytes of a packet that are read to its end, so that it can be answered; a longer one is cut off. Ours. */
const DISCARD_BYTES = 4 * 1024 * 1024;
/** Time for the rest of it, and for the client to close, ms. Ours. */
const ENDING_MS = 10_000;
/** First bytes of PUBACK and PUBREC with their length, MQTT 3.1.1 sections 3.4 and 3.5. */
const ANSWER_HEADS = { 1: [0x40, 2], 2: [0x50, 2] } as const;

/** Dead-letters a PUBLISH over the limit by its head, answers it so that it is not sent again for ever, and ends the
 *  connection. */
export function endOversize(
  session: StationSession,
  oversize: OversizePublish,
  handler: PublishHandler,
  counts: Counts,
): void {
  const { socket, station } = session;
  const { topic, packetId, payloadBytes, payloadHead } = oversize.contents;
  counts.published += 1;
  counts.refuse("payload-too-large");
  session.end("payload-too-large");
  socket.setTimeout(ENDING_MS, () => socket.destroy());
  const ended = Promise.withResolvers<void>();
  session.oversizeEnded = ended;
  if (!station) {
    socket.destroy();
    return;
  }
  const settle = (error?: Error) => {
    if (error || oversize.length > DISCARD_BYTES) socket.destroy();
    else void ended.promise.then(() => answer(session, oversize.qos, packetId, counts));
  };
  const message = refusalText["payload-too-large"](payloadBytes, PAYLOAD_LIMIT_BYTES);
  handler.refuse(
    { station, topic, payload: payloadHead, wanted: () => true, settle },
    { reason: "payload-too-large", message, field: "", rawBytes: payloadBytes },
  );
}

function answer({ socket }: StationSession, qos: number, packetId: number, counts: Counts): void {
  counts.acknowledged += 1;
  if (qos === 1 || qos === 2) socket.end(Buffer.from([...ANSWER_HEADS[qos], packetId >> 8, packetId & 0xff]));
  else socket.end();
}
