import {
  type Account,
  MutedNotificationView,
  NotificationMessageView,
  page,
  TicketNotificationView,
} from "@hotgrid/contracts";
import { type LoggedMessage, NotificationLogStore } from "@hotgrid/store";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { nullable } from "../core/iso-time.ts";
import { seesDivision } from "../core/visibility.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { notFound } from "../http/http-problem.ts";
import { asked, given, pageQuery } from "./list-query.ts";

/** Who answers for tickets may ask whether people were told of them. */
const ASKERS = ["supervisor", "operator", "administrator"] as const;
const tags = ["notifications"];

/** The delivery log: what was sent to whom, and how every attempt went. */
export function notificationRoutes(app: ConsoleApp, context: ConsoleContext): void {
  const store = new NotificationLogStore(context.database);

  app.get(
    "/notifications",
    {
      config: { roles: ASKERS },
      schema: {
        tags,
        summary: "已发与待发的通知,最近的在前 Messages and their deliveries, newest first",
        querystring: z.strictObject({ state: NotificationMessageView.shape.state.optional(), ...pageQuery }),
        response: { 200: page(NotificationMessageView) },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const { limit, ...filter } = request.query;
      const found = await asked(store.messages({ division: account.division, ...given(filter), limit }));
      return {
        items: found.items.map((message) => messageView(context, account, message)),
        nextCursor: found.nextCursor,
      };
    },
  );

  mutedRoute(app, context, store);

  app.get(
    "/tickets/:id/notifications",
    {
      config: { roles: ASKERS },
      schema: {
        tags,
        summary: "这张工单通知了谁 Who was told of this ticket, newest first, 500 at most",
        params: z.strictObject({ id: z.string().max(120) }),
        response: { 200: page(TicketNotificationView) },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const ticket = await context.visible.ticket(account, request.params.id);
      if (!ticket) throw notFound();
      const items = (await store.ofSubject(ticket.id)).map((item) => ({
        ...item,
        at: context.iso(item.at),
        message: item.message === null ? null : messageView(context, account, item.message),
      }));
      return { items, nextCursor: null };
    },
  );
}

/** What a regional notice keeps from being told, as long as it goes on. */
function mutedRoute(app: ConsoleApp, { episodes, iso, tickets, visible }: ConsoleContext, store: NotificationLogStore) {
  app.get(
    "/episodes/:id/muted-notifications",
    {
      config: { roles: ASKERS },
      schema: {
        tags,
        summary: "被区域通报静默的通知 What a notice keeps from being told, oldest first, 500 at most",
        params: z.strictObject({ id: z.string().max(120) }),
        response: { 200: page(MutedNotificationView) },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const episode = await episodes.getEpisode(request.params.id);
      const ticketIds = episode && ((await tickets.ticketIdsOf([episode.id])).get(episode.id) ?? []);
      if (!episode || !(await visible.seesEpisode(account, episode, ticketIds ?? []))) throw notFound();
      const muted = (await store.mutedBy(episode.id)).filter(({ division }) => seesDivision(account, division));
      return { items: muted.map((item) => ({ ...item, at: iso(item.at) })), nextCursor: null };
    },
  );
}

/** A digest may tell of other divisions' tickets too: of those nothing is said here. */
function messageView({ iso }: ConsoleContext, account: Account, message: LoggedMessage): NotificationMessageView {
  const isoOrNull = nullable(iso);
  return {
    ...message,
    createdAt: iso(message.createdAt),
    settledAt: isoOrNull(message.settledAt),
    nextAt: isoOrNull(message.nextAt),
    subjects: message.subjects
      .filter(({ division }) => seesDivision(account, division))
      .map(({ id, step }) => ({ id, step })),
    attempts: message.attempts.map((attempt) => ({ ...attempt, at: iso(attempt.at) })),
  };
}
