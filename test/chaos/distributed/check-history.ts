import { EpisodeEvent, episodeEventKey, readingKey, TicketEvent, ticketEventKey } from "@hotgrid/contracts";
import type { Shown } from "./shown-messages.ts";

/** What the stations, the stores, the logs and the receiver of notifications know at the end of a run. */
export interface History {
  /** What a station said and was told is safe. */
  readonly acknowledged: readonly Acknowledged[];
  /** Everything that the time series has of the time of the run. */
  readonly stored: readonly KeyedReading[];
  /** How many readings of an hour its roll-up has, for hours whose readings are all in `stored`. */
  readonly hours: readonly StoredHour[];
  /** Keys of the readings among the dead letters that are from the future, and every other dead letter: there is no
   *  reason for any. */
  readonly refused: readonly string[];
  readonly otherLetters: readonly string[];
  /** The EPISODES log as it stands, and what a detector says of the same READINGS that nobody disturbed. */
  readonly decided: readonly string[];
  readonly undisturbed: readonly string[];
  readonly tables: Tables;
  /** The TICKETS log as it stands. */
  readonly told: readonly string[];
  /** What both logs have shown to one who read along. */
  readonly shown: { readonly episodes: readonly Shown[]; readonly tickets: readonly Shown[] };
  /** What people were told of their commands. */
  readonly commanded: readonly Commanded[];
  /** Every request that the receiver answered with 200. */
  readonly received: readonly Received[];
  /** Which message the notifier says that a piece of news went with: of several of one ticket it names the latest. */
  readonly sentWith: readonly { readonly news: string; readonly messageId: string }[];
}

export interface KeyedReading {
  readonly stationId: string;
  /** Epoch ms. */
  readonly phenomenonTime: number;
  readonly results: Readonly<Record<string, number | undefined>>;
}
export interface Acknowledged extends KeyedReading {
  /** Where it belongs: one from the future is a dead letter. */
  readonly in: "store" | "dead-letters";
}
export interface StoredHour {
  readonly stationId: string;
  /** Its begin, epoch ms. */
  readonly from: number;
  readonly count: number;
}
export interface Received {
  readonly messageId: string;
  /** Ids of the news in it. */
  readonly news: readonly string[];
}
/** A command that a person gave, by its note, which no other one has. */
export interface Commanded {
  readonly ticketId: string;
  readonly note: string;
  /** Done, or refused: then it must not have been done. */
  readonly accepted: boolean;
}
export interface Tables {
  readonly episodes: readonly { readonly id: string; readonly revision: number }[];
  readonly tickets: readonly { readonly id: string; readonly revision: number; readonly openPlace: string | null }[];
  /** Lines of the tickets' histories. */
  readonly lines: readonly { readonly ticketId: string; readonly note: string }[];
  readonly ticketEpisodes: readonly { readonly episodeId: string; readonly ticketId: string }[];
  /** Ids of episodes that a regional notice stands for. */
  readonly inhibited: readonly string[];
}

/** What is wrong, each by name; all empty and `detectorEqual` where nothing is. */
export interface Verdict {
  readonly missing: readonly string[];
  readonly altered: readonly string[];
  readonly doubled: readonly string[];
  readonly rollupsWrong: readonly string[];
  readonly otherLetters: readonly string[];
  readonly detectorEqual: boolean;
  /** Events of one that the other does not have, or has elsewhere. */
  readonly detectorDiffers: readonly string[];
  readonly ticketsLost: readonly string[];
  readonly ticketsDoubled: readonly string[];
  /** Accepted, and not once in the ticket's history and in TICKETS. */
  readonly commandsLost: readonly string[];
  /** Done more than once, or done and refused. */
  readonly commandsDoubled: readonly string[];
  /** Of the logs as they stand, what a reader was not shown, or elsewhere, or twice at one position. */
  readonly shownOtherwise: readonly string[];
  /** What a reader was shown at two positions, of which the log has one: a message that NATS took back (nodes
   *  killed at once, a full disk) and that its writer wrote again. Who reads goes by the revision; no fault. */
  readonly shownAgain: readonly string[];
  readonly notificationsLost: readonly string[];
  /** The same news under two ids: nobody can tell that it is a copy. */
  readonly notificationsDoubled: readonly string[];
  /** The same message with the same id again, as after a kill between the receiver's answer and our note of it: the
   *  known window of at-least-once, which is no fault. */
  readonly notificationsRepeated: readonly string[];
}

const HOUR_MS = 3_600_000;

export function checkHistory(history: History): Verdict {
  const told = history.told.map((text) => TicketEvent.parse(JSON.parse(text)));
  return {
    ...checkReadings(history),
    rollupsWrong: wrongHours(history),
    otherLetters: history.otherLetters,
    ...compareDecisions(history),
    ...checkShown(history),
    ...checkTickets(history, told),
    ...checkCommands(history, told),
    ...checkNotifications(history, told),
  };
}

/** Whether nothing is wrong. */
export const isClean = ({ notificationsRepeated: _, shownAgain: __, detectorEqual, ...lists }: Verdict): boolean =>
  detectorEqual && Object.values(lists).every((list) => list.length === 0);

function compareDecisions({ decided, undisturbed }: History): Pick<Verdict, "detectorEqual" | "detectorDiffers"> {
  const [mine, right] = [new Set(decided), new Set(undisturbed)];
  const differs = [
    ...undisturbed.filter((text) => !mine.has(text)).map((text) => `not decided: ${nameOf(text)}`),
    ...decided.filter((text) => !right.has(text)).map((text) => `decided otherwise: ${nameOf(text)}`),
    ...repeated(decided).map((text) => `decided twice: ${nameOf(text)}`),
  ];
  const detectorEqual = decided.length === undisturbed.length && decided.every((text, i) => text === undisturbed[i]);
  return { detectorEqual, detectorDiffers: detectorEqual || differs.length > 0 ? differs : ["in another order"] };
}

function checkShown({ decided, told, shown }: History): Pick<Verdict, "shownOtherwise" | "shownAgain"> {
  const [episodes, tickets] = [compareShown(shown.episodes, decided), compareShown(shown.tickets, told)];
  return {
    shownOtherwise: [
      ...episodes.otherwise.map((what) => `EPISODES: ${what}`),
      ...tickets.otherwise.map((what) => `TICKETS: ${what}`),
    ],
    shownAgain: [...episodes.again.map(nameOf), ...tickets.again.map(stepOf)],
  };
}

function compareShown(shown: readonly Shown[], log: readonly string[]) {
  const texts = shown.map(({ text }) => text);
  const [firsts, right] = [[...new Set(texts)], [...new Set(log)]];
  const [seen, known, twiceInLog] = [new Set(texts), new Set(log), new Set(repeated(log))];
  const missed = right.filter((text) => !seen.has(text)).length;
  const gone = firsts.filter((text) => !known.has(text)).length;
  const positions = repeated(shown.map(({ seq }) => `${seq}`));
  const otherwise = [
    ...positions.map((seq) => `position ${seq} was shown twice`),
    ...(missed > 0 ? [`${missed} were not shown`] : []),
    ...(gone > 0 ? [`${gone} were shown and are gone`] : []),
  ];
  const inOrder = firsts.every((text, i) => text === right[i]);
  if (otherwise.length === 0 && !inOrder) otherwise.push("shown in another order");
  return { otherwise, again: repeated(texts).filter((text) => !twiceInLog.has(text)) };
}

const stepOf = (text: string): string => ticketEventKey(TicketEvent.parse(JSON.parse(text)));

function nameOf(text: string): string {
  const event = EpisodeEvent.parse(JSON.parse(text));
  return `${episodeEventKey(event)} ${event.type} at ${new Date(event.at).toISOString()}`;
}

function checkReadings({ acknowledged, stored, refused }: History): Pick<Verdict, "missing" | "altered" | "doubled"> {
  const kept = new Map(stored.map((reading) => [readingKey(reading), reading]));
  const letters = new Set(refused);
  const isThere = (reading: Acknowledged) =>
    reading.in === "store" ? kept.has(readingKey(reading)) : letters.has(readingKey(reading));
  const isOther = (reading: Acknowledged) => {
    const there = kept.get(readingKey(reading));
    return (
      there !== undefined && Object.entries(reading.results).some(([name, value]) => there.results[name] !== value)
    );
  };
  return {
    missing: acknowledged.filter((reading) => !isThere(reading)).map(readingKey),
    altered: acknowledged.filter(isOther).map(readingKey),
    doubled: repeated(stored.map(readingKey)),
  };
}

/** What charts show: a roll-up that has not seen a reading is as good as a lost reading. */
function wrongHours({ stored, hours }: History): readonly string[] {
  const counts = Map.groupBy(stored, (reading) => hourKey(reading.stationId, reading.phenomenonTime));
  return hours
    .map(({ stationId, from, count }) => ({ key: hourKey(stationId, from), count }))
    .filter(({ key, count }) => count !== (counts.get(key)?.length ?? 0))
    .map(({ key, count }) => `${key}: ${count} of ${counts.get(key)?.length ?? 0}`);
}

const hourKey = (stationId: string, at: number): string =>
  `${stationId}@${new Date(Math.floor(at / HOUR_MS) * HOUR_MS).toISOString()}`;

function checkTickets(
  { decided, tables }: History,
  told: readonly TicketEvent[],
): Pick<Verdict, "ticketsLost" | "ticketsDoubled"> {
  const latest = new Map(
    decided.map((text) => EpisodeEvent.parse(JSON.parse(text))).map((event) => [event.episode.id, event]),
  );
  const revisions = new Map(tables.episodes.map(({ id, revision }) => [id, revision]));
  const ticketsOf = Map.groupBy(tables.ticketEpisodes, ({ episodeId }) => episodeId);
  const inhibited = new Set(tables.inhibited);
  const behind = [...latest].filter(([id, { revision }]) => revisions.get(id) !== revision);
  const without = [...latest.values()]
    .map(({ episode }) => episode)
    .filter(({ kind, confirmedAt }) => kind !== "regional" && confirmedAt !== null)
    .filter(({ id }) => !ticketsOf.has(id) && !inhibited.has(id));
  const keys = told.map(ticketEventKey);
  const known = new Set(keys);
  const untold = tables.tickets
    .flatMap(({ id, revision }) => Array.from({ length: revision }, (_, i) => `${id}#${i + 1}`))
    .filter((key) => !known.has(key));
  const places = tables.tickets.flatMap(({ openPlace }) => (openPlace === null ? [] : [openPlace]));
  return {
    ticketsLost: [
      ...behind.map(([id, { revision }]) => `episode ${id} stands at ${revisions.get(id)} instead of ${revision}`),
      ...without.map(({ id }) => `episode ${id} has no ticket`),
      ...untold.map((key) => `step ${key} is not in the log`),
    ],
    ticketsDoubled: [
      ...[...ticketsOf].filter(([, its]) => its.length > 1).map(([id]) => `episode ${id} has several tickets`),
      ...repeated(keys).map((key) => `step ${key} is in the log twice`),
      ...repeated(places).map((place) => `two open tickets at ${place}`),
    ],
  };
}

function checkCommands(
  { commanded, tables }: History,
  told: readonly TicketEvent[],
): Pick<Verdict, "commandsLost" | "commandsDoubled"> {
  const lines = tables.lines.map(({ ticketId, note }) => `${ticketId} ${note}`);
  const events = told.map(({ ticket, entry }) => `${ticket.id} ${entry.note}`);
  const [kept, said] = [new Set(lines), new Set(events)];
  const name = ({ ticketId, note }: Commanded) => `${ticketId} ${note}`;
  const accepted = commanded.filter((command) => command.accepted).map(name);
  const refused = commanded.filter((command) => !command.accepted).map(name);
  const twice = new Set([...repeated(lines), ...repeated(events)]);
  return {
    commandsLost: accepted.filter((line) => !kept.has(line) || !said.has(line)),
    commandsDoubled: [
      ...accepted.filter((line) => twice.has(line)),
      ...refused.filter((line) => kept.has(line) || said.has(line)),
    ],
  };
}

/** Steps of a ticket that nobody may miss; of the others it depends on what was told before. */
const ALWAYS_TOLD: readonly string[] = ["open", "reopen", "recovered", "relapsed"];

function checkNotifications({ received, sentWith }: History, told: readonly TicketEvent[]) {
  const due = told.filter(({ entry }) => ALWAYS_TOLD.includes(entry.action)).map(ticketEventKey);
  const messages = new Map(received.map(({ messageId, news }) => [messageId, news]));
  const withOthers = sentWith.filter(({ messageId }) => messages.has(messageId)).map(({ news }) => news);
  const heard = new Set([...messages.values()].flat().concat(withOthers));
  return {
    notificationsLost: due.filter((id) => !heard.has(id)),
    notificationsDoubled: repeated([...messages.values()].flat()),
    notificationsRepeated: repeated(received.map(({ messageId }) => messageId)),
  };
}

/** What comes more than once. */
function repeated(keys: readonly string[]): readonly string[] {
  const [seen, again] = [new Set<string>(), new Set<string>()];
  for (const key of keys) (seen.has(key) ? again : seen).add(key);
  return [...again];
}
