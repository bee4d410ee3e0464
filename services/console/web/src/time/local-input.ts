import { offsetMinutes } from "./city-time.ts";

const MINUTE_MS = 60_000;
const SHAPE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;

/** What an input of type datetime-local shows for a moment, in the city's time: 2026-11-22T08:00. */
export const toLocalInput = (epochMs: number, utcOffset: string): string =>
  new Date(epochMs + offsetMinutes(utcOffset) * MINUTE_MS).toISOString().slice(0, 16);

/** The moment that such an input means, as the API takes it; null where it is empty or none. */
export function fromLocalInput(text: string, utcOffset: string): string | null {
  if (!SHAPE.test(text) || Number.isNaN(Date.parse(`${text}:00${utcOffset}`))) return null;
  return `${text}:00${utcOffset}`;
}
