import type { CityCode } from "@hotgrid/contracts";
import { type Log, Unavailable } from "@hotgrid/runtime";
import type { Lease, Leases } from "./distributed-port.ts";
import { Fenced } from "./port.ts";

/** What an instance does for a city that it holds. */
export interface CityService {
  /** Resolves when stopped, rejects with what stopped it: Fenced where another instance has the city now; else a bug,
   *  which, unhandled, ends the process, as it should. */
  readonly stopped: Promise<void>;
  /** Finishes what is in hand, and saves what the next one needs. */
  close(): Promise<void>;
  /** Ends without a word: the city is another's. */
  abandon(): Promise<void>;
}

export interface Division<S extends CityService> {
  readonly leases: Leases;
  /** Name of this instance, of nobody else: a word of letters, digits, "-" and "_". */
  readonly instance: string;
  /** All that are to be divided, as of now. Throws Unavailable where nobody can say. */
  readonly cities: () => Promise<readonly CityCode[]>;
  /** Starts the service of a city. Where two may not write for it, whoever wrote before is shut out by that. */
  readonly start: (city: CityCode) => Promise<S>;
  readonly log: Log;
}

/** The cities of this instance. */
export interface CityShare<S extends CityService> {
  cities(): readonly CityCode[];
  /** Of those that have started. */
  services(): ReadonlyMap<CityCode, S>;
  /** Resolves when stopped, rejects with the bug that stopped it. */
  readonly stopped: Promise<void>;
  /** Saves and gives back every city, so that another instance has it at once. */
  close(): Promise<void>;
}

/** A lease lives that long unless renewed, ms. Ours: with the pace below a dead instance's cities are another's within
 *  12 s, and a machine that is busy for some seconds keeps its own. */
export const LEASE_MS = 9000;
/** Renewals and looks around within a lease's time. */
const LOOKS_PER_LEASE = 6;
/** Part of a lease's time after which, without a renewal, a city is given up by itself: before another may take it. */
const TRUST = 2 / 3;

interface Held<S> {
  readonly lease: Lease;
  readonly service: Promise<S>;
  /** By a clock that goes on in a frozen process, ms. */
  renewedAt: number;
  leaving: boolean;
}

/** Shares the cities out among the instances that are alive: each holds the leases of at most its part, takes what is
 *  free, and gives back what is too much. Two instances may believe for a moment that they have the same city: a service
 *  that can't bear that claims a subject of the log at its start (docs/decisions/0006-detector-leases.md). */
export function divideCities<S extends CityService>(division: Division<S>): CityShare<S> {
  return new Share(division);
}

class Share<S extends CityService> implements CityShare<S> {
  readonly #given: Division<S>;
  readonly #held = new Map<CityCode, Held<S>>();
  readonly #running = new Map<CityCode, S>();
  readonly #stop = Promise.withResolvers<void>();
  readonly #bug = Promise.withResolvers<never>();
  #membership: Lease | null = null;
  #closing = false;
  readonly stopped: Promise<void>;

  constructor(given: Division<S>) {
    this.#given = given;
    this.stopped = Promise.race([this.#run(), this.#bug.promise]);
  }

  cities(): readonly CityCode[] {
    return [...this.#held.keys()].toSorted();
  }
  services(): ReadonlyMap<CityCode, S> {
    return this.#running;
  }

  async #run(): Promise<void> {
    const pause = this.#given.leases.ttlMs / LOOKS_PER_LEASE;
    while (!this.#closing) {
      await this.#look();
      const rest = Promise.withResolvers<void>();
      const timer = setTimeout(rest.resolve, pause);
      await Promise.race([rest.promise, this.#stop.promise]);
      clearTimeout(timer);
    }
  }

  async #look(): Promise<void> {
    try {
      await Promise.all([...this.#held].map(([city, held]) => this.#renew(city, held)));
      await this.#join();
      await this.#balance(await this.#given.leases.held());
    } catch (err) {
      if (!(err instanceof Unavailable)) throw err;
      this.#given.log.warn({ err }, "leases can't be looked at, trying again");
    }
  }

  async #renew(city: CityCode, held: Held<S>): Promise<void> {
    const asked = performance.now();
    try {
      if (await held.lease.renew()) held.renewedAt = asked;
      else this.#lose(city, held, "its lease is another instance's");
    } catch (err) {
      if (!(err instanceof Unavailable)) throw err;
      const trusted = held.renewedAt + TRUST * this.#given.leases.ttlMs;
      if (performance.now() > trusted) this.#lose(city, held, "its lease could not be renewed");
    }
  }

  /** The instance's own lease: so many are alive. */
  async #join(): Promise<void> {
    if (await this.#membership?.renew()) return;
    const { leases, instance } = this.#given;
    this.#membership = await leases.acquire(`instance.${instance}`, instance);
    if (!this.#membership) this.#given.log.warn({ instance }, "another instance has this one's name, or just had it");
  }

  async #balance(held: ReadonlySet<string>): Promise<void> {
    const cities = await this.#given.cities();
    const others = [...held].filter((key) => key.startsWith("instance.") && key !== this.#membership?.key).length;
    const part = Math.ceil(cities.length / (others + 1));
    const staying = [...this.#held].filter(([, { leaving }]) => !leaving);
    for (const [city, surplus] of staying.slice(part)) void this.#giveBack(city, surplus).catch(this.#bug.reject);
    const free = cities.filter((city) => !held.has(`city.${city}`) && !this.#held.has(city));
    for (const city of free.slice(0, Math.max(0, part - this.#held.size))) await this.#take(city);
  }

  async #take(city: CityCode): Promise<void> {
    const { leases, instance, start, log } = this.#given;
    const asked = performance.now();
    const lease = await leases.acquire(`city.${city}`, instance);
    if (!lease || this.#closing) return lease?.release();
    log.info({ city }, "city taken over");
    const held: Held<S> = { lease, service: start(city), renewedAt: asked, leaving: false };
    this.#held.set(city, held);
    void this.#watch(city, held).catch(this.#bug.reject);
  }

  /** From the start of a city's service to its end. */
  async #watch(city: CityCode, held: Held<S>): Promise<void> {
    try {
      const service = await held.service;
      if (this.#held.get(city) === held) this.#running.set(city, service);
      await service.stopped;
    } catch (err) {
      if (err instanceof Fenced) this.#lose(city, held, "another instance writes for it");
      else if (err instanceof Unavailable) await this.#startedInVain(city, held, err);
      else throw err;
    }
  }

  async #startedInVain(city: CityCode, held: Held<S>, err: Unavailable): Promise<void> {
    this.#given.log.warn({ err, city }, "city not started, given back");
    this.#forget(city, held);
    await released(held.lease);
  }

  #lose(city: CityCode, held: Held<S>, reason: string): void {
    if (!this.#forget(city, held)) return;
    this.#given.log.warn({ city, reason }, "city lost");
    // What its start or its end throws is told by #watch.
    void held.service.then((service) => service.abandon()).catch(() => undefined);
  }

  #forget(city: CityCode, held: Held<S>): boolean {
    if (this.#held.get(city) !== held) return false;
    this.#held.delete(city);
    this.#running.delete(city);
    return true;
  }

  /** Renewed until its last word is saved, so that the next one starts from there. */
  async #giveBack(city: CityCode, held: Held<S>): Promise<void> {
    held.leaving = true;
    try {
      await (await held.service).close();
    } catch (err) {
      // Nothing of its last word is lost: the next one decides it again.
      if (!(err instanceof Fenced || err instanceof Unavailable)) throw err;
    }
    if (this.#forget(city, held)) await released(held.lease);
    this.#given.log.info({ city }, "city given back");
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#stop.resolve();
    // What stopped it before is the caller's, who has `stopped`.
    await this.stopped.catch(() => undefined);
    await Promise.all([...this.#held].map(([city, held]) => this.#giveBack(city, held)));
    if (this.#membership) await released(this.#membership);
  }
}

/** A lease that can't be given back ends by itself. */
async function released(lease: Lease): Promise<void> {
  await lease.release().catch((error: unknown) => {
    if (!(error instanceof Unavailable)) throw error;
  });
}
