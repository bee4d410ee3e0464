import { OBSERVED_PROPERTIES, PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import { phenomenonTime, type TimeBounds } from "./phenomenon-time.ts";
import { type Members, membersOf, PlainJson, type TakeValue } from "./plain-json.ts";
import { DEVICE_NUMBERS, FIRMWARE_CHARACTERS } from "./published-reading.ts";

/** A reading that is taken, as the log holds it. */
export interface AcceptedReading {
  readonly stationId: string;
  readonly phenomenonTime: number;
  /** contracts' `Reading` as JSON. */
  readonly text: string;
}

const within =
  ({ min, max }: { readonly min: number; readonly max: number }): TakeValue =>
  (json) => {
    const value = json.number();
    return value >= min && value <= max;
  };
const object =
  (members: Members): TakeValue =>
  (json) =>
    json.open() && json.members(members) !== 0 && json.close();

const RESULTS = membersOf(OBSERVED_PROPERTIES.map((name) => [name, within(PROPERTY_DEFINITIONS[name])]));
const DEVICE = membersOf([
  ...Object.entries(DEVICE_NUMBERS).map(([name, bounds]) => [name, within(bounds)] as const),
  ["firmware", (json) => json.text() <= FIRMWARE_CHARACTERS],
]);
const TIME = membersOf([["phenomenonTime", () => true]]);
/** What follows the time; the first has bit 1. */
const REST = membersOf([
  ["results", object(RESULTS)],
  ["seq", (json) => Number.isInteger(json.number())],
  ["device", object(DEVICE)],
]);

const RESULTS_BIT = 1;

/** One reading as most stations send it, read straight from its bytes: what the schema would take goes into the log's text
 *  as it stands, which costs a fraction of parsing, checking and writing it again. undefined for whatever is not plainly
 *  right (an array, an unknown field, a name twice, an escape …), which decodePublish() has to judge.
 *  @param payload JSON whose first field is phenomenonTime */
export function plainReading(stationId: string, payload: Buffer, bounds: TimeBounds): AcceptedReading | undefined {
  const json = new PlainJson(payload);
  if (!json.open() || !json.name(TIME)) return undefined;
  const time = phenomenonTime(json.scalar(), bounds);
  const rest = json.at;
  if (typeof time !== "number" || !json.comma()) return undefined;
  if ((json.members(REST) & RESULTS_BIT) === 0 || !json.close() || !json.ended) return undefined;
  const known = `{"stationId":"${stationId}","phenomenonTime":${time},"resultTime":${bounds.now}`;
  return { stationId, phenomenonTime: time, text: known + payload.toString("latin1", rest) };
}
