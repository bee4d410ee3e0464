import { coversDivision, type DivisionCode, type DivisionLevel } from "@hotgrid/contracts";
import type { News } from "./news.ts";
import type { Audience, NotificationRules } from "./notification-rules.ts";

/** Whom a receiver reaches: one place (a group chat, an endpoint, a mailbox), or each person by phone. */
export interface ReceiverFacts {
  readonly id: string;
  readonly reaches: "place" | "phone";
  /** News of this division and all below. */
  readonly division: DivisionCode;
  /** Names of the rules' audiences. */
  readonly audiences: readonly string[];
}

export interface Person {
  readonly name: string;
  readonly phone: string;
}
/** Who is who for this piece of news; null: nobody. */
export type People = Readonly<Record<Exclude<Audience["person"], "nobody">, Person | null>>;

/** One step that one receiver is to be told. */
export interface Item {
  /** Step, receiver, address: the idempotency key. */
  readonly id: string;
  readonly receiver: string;
  /** Phone, or "" for a place. */
  readonly address: string;
  readonly group: string;
  readonly news: News;
  /** Whom a group chat calls by phone. */
  readonly mentions: readonly Person[];
  /** 0, and counting with each reminder. */
  readonly repeats: number;
}

const HOUR_MS = 3_600_000;

/** News of before a long standstill. */
export const isStale = (news: News, now: number, rules: NotificationRules): boolean =>
  now - news.at > rules.staleAfterHours * HOUR_MS;

/** How long an item waits for others, ms. */
export const groupWaitMs = ({ step, subject }: News, rules: NotificationRules): number =>
  rules.atOnce.includes(step) ? 0 : rules.groupWaitSeconds[subject.severity] * 1000;

/** A receiver that calls people, and nobody with a phone to call. */
export const isUnreachable = (item: Item, receivers: readonly ReceiverFacts[]): boolean =>
  item.address === "" && receivers.some(({ id, reaches }) => id === item.receiver && reaches === "phone");

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
    const persons = distinct(concerned.flatMap(({ person }) => (person === "nobody" ? [] : (people[person] ?? []))));
    if (receiver.reaches === "place") return [itemFor(news, receiver.id, "", persons, rules)];
    if (persons.length === 0) return [itemFor(news, receiver.id, "", [], rules)];
    return persons.map((person) => itemFor(news, receiver.id, person.phone, [person], rules));
  });
}

const isConcerned =
  ({ step, subject }: News) =>
  (audience: Audience): boolean =>
    audience.steps.includes(step) &&
    audience.severities.includes(subject.severity) &&
    audience.kinds.includes(subject.kind);

/** Without a phone nobody can be called. */
const distinct = (persons: readonly Person[]): Person[] => [
  ...new Map(persons.filter(({ phone }) => phone !== "").map((person) => [person.phone, person])).values(),
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
