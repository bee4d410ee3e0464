/** Hours of stations whose rollups are behind their raw readings. The hour that a station is writing to is left alone
 *  until it moves on, so that an hour of sixty readings is rolled up once and not sixty times. Keys are the store's
 *  station numbers and starts of hours, epoch ms. */
export class DirtyHours {
  readonly #open = new Map<number, number>();
  readonly #closed = new Map<number, Set<number>>();

  /** A reading was stored; true where the hour was clean until now. */
  mark(station: number, hour: number): boolean {
    const open = this.#open.get(station);
    if (open === hour) return false;
    if (open !== undefined && hour < open) return this.#close(station, hour);
    if (open !== undefined) this.#close(station, open);
    this.#open.set(station, hour);
    return this.#removeClosed(station, hour) === false;
  }

  /** One station with hours that nobody writes to at present, at most `limit` of them. */
  nextClosed(limit: number): { station: number; hours: readonly number[] } | undefined {
    for (const [station, hours] of this.#closed) return { station, hours: [...hours.values().take(limit)] };
    return undefined;
  }

  /** All dirty hours of a station that begin in [from, to). */
  within(station: number, from: number, to: number): readonly number[] {
    const open = this.#open.get(station);
    const all = [...(this.#closed.get(station) ?? []), ...(open === undefined ? [] : [open])];
    return all.filter((hour) => hour >= from && hour < to);
  }

  clean(station: number, hour: number): void {
    if (this.#open.get(station) === hour) this.#open.delete(station);
    this.#removeClosed(station, hour);
  }

  #close(station: number, hour: number): boolean {
    const hours = this.#closed.get(station) ?? new Set();
    if (hours.has(hour)) return false;
    this.#closed.set(station, hours.add(hour));
    return true;
  }

  #removeClosed(station: number, hour: number): boolean {
    const hours = this.#closed.get(station);
    if (hours === undefined) return false;
    const removed = hours.delete(hour);
    if (hours.size === 0) this.#closed.delete(station);
    return removed;
  }
}
