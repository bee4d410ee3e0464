import { deadLetterEntry, type Entry } from "@hotgrid/bus";
import { cityOf, type DeadLetterReason, PAYLOAD_LIMIT_BYTES, readingKey, type Station } from "@hotgrid/contracts";
import { type Clock, type Trail, type Unavailable, wallTime } from "@hotgrid/runtime";
import { type JudgedPublish, judgePublish } from "./core/judge-publish.ts";
import { type RefusedPart, refusalText } from "./core/refused-part.ts";
import { TokenBuckets } from "./core/token-bucket.ts";
import type { Counts } from "./gateway-counters.ts";
import type { GatewayLimits } from "./limits.ts";
import type { LogGatherer } from "./log-gatherer.ts";
import { UnknownProperties } from "./unknown-properties.ts";

export interface Publish {
  readonly station: Station;
  readonly topic: string;
  readonly payload: Buffer;
  /** False once the publisher has gone. */
  readonly wanted: () => boolean;
  /** Called once it is durable, or with why it is not. */
  readonly settle: (error?: Unavailable) => void;
  /** Told when its last good reading was measured, epoch ms. */
  readonly measured?: (phenomenonTime: number) => void;
}

interface Needs {
  readonly gatherer: LogGatherer;
  readonly clock: Clock;
  readonly counts: Counts;
  readonly trail: Trail;
  readonly limits: GatewayLimits;
  /** A city has given a reading. */
  readonly heard: (city: string) => void;
}

/** A payload costs at least one reading per so many bytes, so that large nonsense can't fill the disk with dead letters.
 *  Ours: a full reading has some 350 bytes. */
const BYTES_PER_READING = 512;

/** What becomes of a publish: readings for the log, dead letters for what can't be used, both before its answer. */
export class PublishHandler {
  readonly #needs: Needs;
  readonly #rates: TokenBuckets;
  readonly #unknown = new UnknownProperties();

  constructor(needs: Needs) {
    this.#needs = needs;
    this.#rates = new TokenBuckets(needs.limits.readings);
  }

  readings(publish: Publish): void {
    const { clock, limits } = this.#needs;
    const { station, payload } = publish;
    if (payload.byteLength > PAYLOAD_LIMIT_BYTES) {
      const message = refusalText["payload-too-large"](payload.byteLength, PAYLOAD_LIMIT_BYTES);
      this.refuse(publish, { reason: "payload-too-large", message, field: "" });
      return;
    }
    const bounds = { now: clock.now(), futureMs: limits.futureMs, ageMs: limits.ageMs };
    const judged = judgePublish(station.id, payload, bounds);
    const last = judged.accepted.at(-1);
    if (last) publish.measured?.(last.phenomenonTime);
    // Wall time: the rate guards this machine, whatever the demo's clock shows.
    const cost = Math.max(judged.count, payload.byteLength / BYTES_PER_READING);
    const waitMs = this.#rates.take(station.id, cost, performance.now(), limits.longestWaitMs);
    if (waitMs === undefined) {
      const message = refusalText["rate-exceeded"](limits.readings.perSecond);
      this.refuse(publish, { reason: "rate-exceeded", message, field: "" });
      return;
    }
    if (waitMs === 0) this.#take(publish, judged);
    else this.#takeLater(publish, judged, waitMs);
  }

  #takeLater(publish: Publish, judged: JudgedPublish, waitMs: number): void {
    this.#needs.counts.heldBack += 1;
    setTimeout(() => this.#take(publish, judged), waitMs).unref();
  }

  #take(publish: Publish, { accepted, refused, unknown }: JudgedPublish): void {
    const { gatherer, clock } = this.#needs;
    const { station } = publish;
    const city = cityOf(station.division);
    for (const property of this.#unknown.firstSeen(station.id, unknown)) {
      gatherer.event(city, { kind: "unknown-property", stationId: station.id, property, at: clock.now() });
    }
    const count = accepted.length;
    const followed = this.#needs.trail.followed(accepted, readingKey);
    const from = followed.length > 0 ? wallTime() : 0;
    const reasons = refused.map(({ reason }) => reason);
    const { wanted, settle } = publish;
    gatherer.add({
      city,
      texts: accepted.map(({ text }) => text),
      deadLetters: this.#entries(publish, refused),
      wanted,
      // Holds no payload and no reading while it waits: no function here may mention `publish` or `accepted`.
      settle: (error) => {
        if (!error) this.#durable(city, count, reasons);
        settle(error);
        if (!error) this.#tell(followed, from);
      },
    });
  }

  #durable(city: string, accepted: number, refused: readonly DeadLetterReason[]): void {
    const { counts, heard } = this.#needs;
    counts.readingsAccepted += accepted;
    if (accepted > 0) heard(city);
    for (const reason of refused) counts.deadLetter(reason);
  }

  #tell(followed: readonly string[], from: number): void {
    for (const reading of followed) this.#needs.trail.tell({ name: "publish", id: reading, reading, from });
  }

  /** Dead-letters a publish as a whole. */
  refuse(publish: Publish, refusal: Omit<RefusedPart, "raw"> & { readonly rawBytes?: number }): void {
    const { gatherer, counts } = this.#needs;
    gatherer.add({
      city: cityOf(publish.station.division),
      texts: [],
      deadLetters: [this.#entry(publish, { ...refusal, raw: publish.payload })],
      wanted: publish.wanted,
      settle: (error) => {
        if (!error) counts.deadLetter(refusal.reason);
        publish.settle(error);
      },
    });
  }

  #entries(publish: Publish, refused: readonly RefusedPart[]): Entry[] {
    return refused.map((part) => this.#entry(publish, part));
  }

  #entry({ station, topic }: Publish, part: RefusedPart & { readonly rawBytes?: number }): Entry {
    return deadLetterEntry({
      ...part,
      city: cityOf(station.division),
      at: this.#needs.clock.now(),
      source: { kind: "mqtt", stationId: station.id, subject: topic },
    });
  }
}
