import type { EpisodeEvent, TicketEvent } from "@hotgrid/contracts";
import { addItem, saveSubject, wakeHeldBy } from "./adapters/notification-ledger.ts";
import { type PeopleOf, peopleFor } from "./adapters/people.ts";
import type { News, Subject } from "./core/news.ts";
import { newsOfEpisode } from "./core/news-of-episode.ts";
import { newsOfTicket, subjectOfTicket } from "./core/news-of-ticket.ts";
import type { NotificationRules } from "./core/notification-rules.ts";
import { groupWaitMs, isStale, isUnreachable, planItems, type ReceiverFacts } from "./core/plan-items.ts";
import type { Trx } from "./ports.ts";

export interface Desk {
  readonly rules: NotificationRules;
  readonly receivers: readonly ReceiverFacts[];
  readonly people: PeopleOf;
}

/** What a message of the TICKETS log asks for, in the caller's transaction. A second delivery changes nothing. */
export async function takeTicketEvent(trx: Trx, event: TicketEvent, desk: Desk, now: number): Promise<void> {
  await takeNews(trx, subjectOfTicket(event.ticket), newsOfTicket(event), desk, now);
}

/** The same for an episode that is a notice. Nobody is told of a provisional one. */
export async function takeEpisodeEvent(trx: Trx, event: EpisodeEvent, desk: Desk, now: number): Promise<void> {
  if (!desk.rules.notices.includes(event.episode.kind)) return;
  const news = newsOfEpisode(event, desk.people.placeName(event.episode.division));
  if (news !== null) await takeNews(trx, news.subject, news, desk, now);
}

async function takeNews(trx: Trx, subject: Subject, news: News | null, desk: Desk, now: number): Promise<void> {
  await saveSubject(trx, subject);
  if (subject.isOver) await wakeHeldBy(trx, subject.id, now);
  if (news === null) return;
  const stale = isStale(news, now, desk.rules) ? "stale" : null;
  const readyAt = now + groupWaitMs(news, desk.rules);
  const people = await peopleFor(trx, subject, desk.people, now);
  for (const item of planItems(news, desk.receivers, people, desk.rules)) {
    const dropped = isUnreachable(item, desk.receivers) ? "nobody-to-call" : stale;
    await addItem(trx, item, { now, readyAt }, dropped);
  }
}
