import { readingsTopic, type Station } from "@hotgrid/contracts";
import type { Log, Unavailable } from "@hotgrid/runtime";
import type { Client, PublishPacket } from "aedes";
import type { z } from "zod";
import { decodeStationJson } from "./core/decode-station-json.ts";
import { publishBurst } from "./core/publish-burst.ts";
import { refusalText } from "./core/refused-part.ts";
import { publishedTopic } from "./core/topic-access.ts";
import type { Counts, RefusalReason } from "./gateway-counters.ts";
import type { StationDirectory } from "./ports.ts";
import type { Publish, PublishHandler } from "./publish-handler.ts";
import { StationResult, StationStatus } from "./station-command.ts";
import type { StationSession } from "./station-session.ts";

/** Answers the broker: nothing lets the publish be acknowledged, an error ends the connection without an answer. */
export type Answer = (error?: Error | null) => void;

/** Bytes of a status or a command's result at most. Ours. */
export const SMALL_PAYLOAD_BYTES = 4096;
/** Characters of a topic that a dead letter keeps: an own topic has at most 92. Ours. */
const TOPIC_CHARACTERS = 256;

/** Decides by its topic what becomes of a publish. */
export class PublishRouter {
  readonly #stations: StationDirectory;
  readonly #handler: PublishHandler;
  readonly #counts: Counts;
  readonly #log: Log;
  /** Packets that the broker hands to subscribers: a status, no reading. */
  readonly #forSubscribers = new WeakSet<object>();

  constructor(needs: {
    readonly stations: StationDirectory;
    readonly handler: PublishHandler;
    readonly counts: Counts;
    readonly log: Log;
  }) {
    this.#stations = needs.stations;
    this.#handler = needs.handler;
    this.#counts = needs.counts;
    this.#log = needs.log;
  }

  isForSubscribers(packet: object): boolean {
    return this.#forSubscribers.has(packet);
  }

  route(session: StationSession, client: Client, packet: PublishPacket, answer: Answer): void {
    const { station } = session;
    if (!station) {
      answer(new Error("not authenticated"));
      return;
    }
    if (!this.#isCurrent(session, station)) {
      this.#refuse(session, "credentials-changed");
      answer(new Error("credentials changed"));
      return;
    }
    this.#counts.published += 1;
    const publish: Publish = {
      station,
      topic: packet.topic.slice(0, TOPIC_CHARACTERS),
      payload: typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload,
      wanted: () => !client.closed,
      settle: (error) => this.#settle(session, client, packet, answer, error),
    };
    const topic = publishedTopic(station.id, packet.topic);
    if (topic === "readings") this.#handler.readings(publish);
    else if (topic === "status") this.#status(publish, packet, answer);
    else if (topic === "command-results") this.#commandResult(publish, answer);
    else if (topic === "unknown") this.#refuseTopic(publish);
    else this.#foreign(session, publish, answer);
  }

  /** Who was retired or got a new secret meanwhile must come in anew. */
  #isCurrent(session: StationSession, station: Station): boolean {
    return this.#stations.find(station.id)?.secretHash === session.secretHash;
  }

  /** Readings of a station that arrived together go the short way, past the broker and its parser, but for the last two:
   *  for them the broker counts the keep-alive and reads no further until they are answered, as it does for all of them
   *  otherwise. Returns the bytes that are left for the broker. */
  routeBurst(session: StationSession, bytes: Buffer): Buffer {
    const { station, client } = session;
    if (!station || !client || !session.ready || session.ended || !this.#isCurrent(session, station)) return bytes;
    const topic = readingsTopic(station.id);
    const burst = publishBurst(bytes, Buffer.from(topic));
    if (!burst) return bytes;
    const wanted = () => !client.closed;
    for (const { messageId, payload } of burst.first) {
      this.#counts.published += 1;
      const settle = (error?: Unavailable) => this.#settleFirst(session, client, messageId, error);
      this.#handler.readings({ station, topic, payload, wanted, settle });
    }
    return bytes.subarray(burst.restAt);
  }

  #settleFirst(session: StationSession, client: Client, messageId: number, error: Unavailable | undefined): void {
    if (client.closed) return;
    if (error) {
      this.#refuse(session, "log-unavailable");
      session.socket.destroy();
      return;
    }
    this.#counts.acknowledged += 1;
    session.pubacks.add(messageId);
  }

  #settle(
    session: StationSession,
    client: Client,
    packet: PublishPacket,
    answer: Answer,
    error: Unavailable | undefined,
  ): void {
    // Who has gone gets no answer: it will send again.
    if (client.closed) return;
    if (error) this.#refuse(session, "log-unavailable");
    else {
      this.#counts.acknowledged += 1;
      this.#acknowledge(session, packet);
    }
    answer(error ?? null);
  }

  /** The broker acknowledges what has QoS 1 itself, each by itself; what has none any more it only lets pass. */
  #acknowledge({ pubacks }: StationSession, packet: PublishPacket): void {
    if (packet.qos !== 1 || packet.messageId === undefined || !pubacks.ready) return;
    pubacks.add(packet.messageId);
    packet.qos = 0;
  }

  #status(publish: Publish, packet: PublishPacket, answer: Answer): void {
    if (!this.#decode(publish, StationStatus)) return;
    this.#forSubscribers.add(packet);
    this.#counts.acknowledged += 1;
    answer(null);
  }

  #commandResult(publish: Publish, answer: Answer): void {
    const result = this.#decode(publish, StationResult);
    if (!result) return;
    this.#log.info({ stationId: publish.station.id, result }, "command answered");
    this.#counts.acknowledged += 1;
    answer(null);
  }

  /** Dead-letters what is not of the schema. */
  #decode<T extends z.ZodType>(publish: Publish, schema: T): z.output<T> | undefined {
    const decoded = decodeStationJson(schema, publish.payload, SMALL_PAYLOAD_BYTES);
    if ("value" in decoded) return decoded.value;
    this.#handler.refuse(publish, decoded.refusal);
    return undefined;
  }

  #refuseTopic(publish: Publish): void {
    const message = refusalText["unknown-topic"](publish.topic, publish.station.id);
    this.#handler.refuse(publish, { reason: "unknown-topic", message, field: "" });
  }

  /** Kept for the operator to see, and the connection ends without an answer. */
  #foreign(session: StationSession, publish: Publish, answer: Answer): void {
    this.#refuse(session, "foreign-publish");
    this.#log.warn({ stationId: publish.station.id, topic: publish.topic }, "publish to a foreign topic");
    this.#refuseTopic({ ...publish, wanted: () => true, settle: () => answer(new Error("foreign topic")) });
  }

  #refuse(session: StationSession, reason: RefusalReason): void {
    if (session.end(reason)) this.#counts.refuse(reason);
  }
}
