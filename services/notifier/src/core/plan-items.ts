import { coversDivision, type DivisionCode, type DivisionLevel } from "@hotgrid/contracts";
import type { News } from "./news.ts";
import type { Audience, NotificationRules } from "./notification-rules.ts";

/** Whom a receiver reaches: one place (a group chat, an endpoint, a mailbox), each person by phone, or each of a
 *  person's devices. */
export interface ReceiverFacts {
  readonly id: string;
  readonly reaches: "place" | "phone" | "device";
  /** News of this division and all below. */
  readonly division: DivisionCode;
  /** Names of the rules' audiences. */
  readonly audiences: readonly string[];
}

export interface Person {
  readonly name: string;
  readonly phone: string;
}
/** Somebody with the ids of the devices that want to be told. */
export interface Reachable extends Person {
  readonly devices: readonly string[];
}
/** Who is who for this piece of news; null: nobody. */
export type People = Readonly<Record<Exclude<Audience["person"], "nobody">, Reachable | null>>;

/** One step that one receiver is to be told. */
export interface Item {
  /** Step, receiver, address: the idempotency key. */
  readonly id: string;
  readonly receiver: string;
  /** Phone, id of a device, or "" for a place. */
  readonly address: string;
  readonly group: string;
  readonly news: News;
  /** Whom a group chat calls by phone. */
  readonly mentions: readonly Person[];
  /** 0, and counting with each reminder. */
  readonly repeats: number;
  /** Where it goes instead when the address has had its pages: addresses of who is above. Absent: nowhere. */
  readonly overflow?: readonly { readonly address: string; readonly person: Person }[];
  /** Name of the one who has had his or her pages, where it came from there. */
  readonly relayedFor?: string;
}

const HOUR_MS = 3_600_000;

/** News of before a long standstill. */
export const isStale = (news: News, now: number, rules: NotificationRules): boolean =>
  now - news.at > rules.staleAfterHours * HOUR_MS;

/** How long an item waits for others, ms. */
export const groupWaitMs = ({ step, subject }: News, rules: NotificationRules): number =>
  rules.atOnce.includes(step) ? 0 : rules.groupWaitSeconds[subject.severity] * 1000;

/** A receiver that calls people, and nobody with a phone or a device to call. */
export const isUnreachable = (item: Item, receivers: readonly ReceiverFacts[]): boolean =>
  item.address === "" && receivers.some(({ id, reaches }) => id === item.receiver && reaches !== "place");

/** Who is to be told what: one item per receiver and address; one without an address where nobody can be reached. */
export function planItems(
  news: News,
  receivers: readonly ReceiverFacts[],
  people: People,
  rules: NotificationRules,
): readonly Item[] {
  return receivers.flatMap((receiver) => {
    if (!coversDivision(receiver.division, news.subject.division)) return [];
    const concerned = receiver.audiences.flatMap((name) => rules.audiences[name] ?? []).filter(isConcerned(news));
    if (concerned.length === 0) return [];
    const all = concerned.flatMap(({ person }) => (person === "nobody" ? [] : (people[person] ?? [])));
    if (receiver.reaches === "device") return itemsForDevices(news, receiver.id, all, people.above, rules);
    const persons = distinct(all);
    if (receiver.reaches === "place") return [itemFor(news, receiver.id, "", persons, rules)];
    if (persons.length === 0) return [itemFor(news, receiver.id, "", [], rules)];
    return persons.map((person) => {
      const item = itemFor(news, receiver.id, person.phone, [person], rules);
      return spilling(item, people.above === null ? [] : [people.above.phone], people.above);
    });
  });
}

/** What is for the one above already has nowhere to spill to. */
function spilling(item: Item, addresses: readonly string[], above: Reachable | null): Item {
  const there = addresses.filter((address) => address !== "");
  if (above === null || there.length === 0 || there.includes(item.address)) return item;
  const { name, phone } = above;
  return { ...item, overflow: there.map((address) => ({ address, person: { name, phone } })) };
}

function itemsForDevices(
  news: News,
  receiver: string,
  people: readonly Reachable[],
  above: Reachable | null,
  rules: NotificationRules,
): readonly Item[] {
  const owners = new Map(people.flatMap(({ devices, name, phone }) => devices.map((id) => [id, { name, phone }])));
  if (owners.size === 0) return [itemFor(news, receiver, "", [], rules)];
  return [...owners].map(([device, owner]) =>
    spilling(itemFor(news, receiver, device, [owner], rules), above?.devices ?? [], above),
  );
}

const isConcerned =
  ({ step, subject }: News) =>
  (audience: Audience): boolean =>
    audience.steps.includes(step) &&
    audience.severities.includes(subject.severity) &&
    audience.kinds.includes(subject.kind);

/** Without a phone nobody can be called. */
const distinct = (persons: readonly Reachable[]): Person[] => [
  ...new Map(
    persons.filter(({ phone }) => phone !== "").map(({ name, phone }) => [phone, { name, phone }] as const),
  ).values(),
];

function itemFor(
  news: News,
  receiver: string,
  address: string,
  mentions: readonly Person[],
  rules: NotificationRules,
): Item {
  const group = `${receiver}/${address}/${groupOf(news, rules.groupBy)}`;
  return { id: `${news.id}/${receiver}/${address}`, receiver, address, group, news, mentions, repeats: 0 };
}

const DIGITS: Readonly<Record<DivisionLevel, number>> = { city: 4, county: 6, town: 9, village: 12 };

const groupOf = ({ subject }: News, by: NotificationRules["groupBy"]): string =>
  by === "ticket" ? subject.id : subject.division.slice(0, DIGITS[by]);
