import { deadLetterEntry } from "@hotgrid/bus";
import { type CityCode, cityOf, type Station } from "@hotgrid/contracts";
import type { Clock, Unavailable } from "@hotgrid/runtime";
import { decodeStationJson } from "../core/decode-station-json.ts";
import { refusalText } from "../core/refused-part.ts";
import { publishedTopic } from "../core/topic-access.ts";
import type { Counts } from "../gateway-counters.ts";
import type { LogGatherer } from "../log-gatherer.ts";
import type { StationDirectory } from "../ports.ts";
import type { Publish, PublishHandler } from "../publish-handler.ts";
import { SMALL_PAYLOAD_BYTES } from "../publish-router.ts";
import { StationStatus } from "../station-command.ts";

export interface BridgedNeeds {
  readonly stations: StationDirectory;
  readonly handler: PublishHandler;
  readonly gatherer: LogGatherer;
  readonly counts: Counts;
  readonly clock: Clock;
  /** Where dead letters of stations that nobody knows are kept. */
  readonly city: CityCode;
}

type Bridged = Pick<Publish, "topic" | "payload" | "wanted" | "settle" | "measured">;

/** Characters of a topic that a dead letter keeps. Ours. */
const TOPIC_CHARACTERS = 256;

/** Judges what another broker passes on as the gateway judges its own stations' publishes. Who may publish under which
 *  station's name is the other broker's to say. */
export class BridgedPublishes {
  readonly #needs: BridgedNeeds;

  constructor(needs: BridgedNeeds) {
    this.#needs = needs;
  }

  take({ topic, settle, ...rest }: Bridged): void {
    const { stations, handler, counts } = this.#needs;
    counts.published += 1;
    const counted = (error?: Unavailable) => {
      if (!error) counts.acknowledged += 1;
      settle(error);
    };
    const bridged = { ...rest, topic: topic.slice(0, TOPIC_CHARACTERS), settle: counted };
    const id = topic.split("/")[2] ?? "";
    const station = stations.find(id)?.station;
    if (!station) this.#refuseUnknown(id, bridged);
    else if (publishedTopic(station.id, topic) === "status") this.#status(station, bridged);
    else handler.readings({ ...bridged, station });
  }

  #refuseUnknown(stationId: string, { topic, payload, wanted, settle }: Bridged): void {
    const { gatherer, clock, city, counts } = this.#needs;
    const letter = deadLetterEntry({
      city,
      at: clock.now(),
      reason: "unknown-station",
      message: refusalText["unknown-station"](stationId),
      field: "",
      source: { kind: "mqtt", stationId: null, subject: topic },
      raw: payload,
    });
    const told = (error?: Unavailable) => {
      if (!error) counts.deadLetter("unknown-station");
      settle(error);
    };
    gatherer.add({ city, texts: [], deadLetters: [letter], wanted, settle: told });
  }

  /** The other broker knows which stations are connected: their wills come here as well. */
  #status(station: Station, bridged: Bridged): void {
    const { handler, gatherer, clock } = this.#needs;
    const decoded = decodeStationJson(StationStatus, bridged.payload, SMALL_PAYLOAD_BYTES);
    if ("refusal" in decoded) {
      handler.refuse({ ...bridged, station }, decoded.refusal);
      return;
    }
    const { state } = decoded.value;
    const event = { kind: "connection", stationId: station.id, state, at: clock.now(), reason: "bridge" } as const;
    gatherer.event(cityOf(station.division), event);
    bridged.settle();
  }
}
