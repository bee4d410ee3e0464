import {
  type Account,
  DivisionCode,
  InspectionState,
  page,
  type Ticket,
  TicketDetail,
  TicketState,
  TicketView,
} from "@hotgrid/contracts";
import { allowedActions } from "@hotgrid/tickets";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { notFound } from "../http/http-problem.ts";
import { episodeView } from "../views/episode-view.ts";
import { historyView, ticketFacts } from "../views/ticket-view.ts";
import { asked, given, pageQuery } from "./list-query.ts";

const TicketsQuery = z.strictObject({
  /** open: every state but closed; or one state. */
  status: z.enum(["open", ...TicketState.options]).optional(),
  division: DivisionCode.optional(),
  /** Id of the officer who holds it, or "me". */
  officer: z.string().min(1).max(64).optional(),
  /** A clock of the step that it waits for has run out. */
  overdue: z.stringbool().optional(),
  /** By the third-party inspection: pending is the inspectors' list. */
  inspection: InspectionState.optional(),
  ...pageQuery,
});

export function ticketRoutes(app: ConsoleApp, context: ConsoleContext): void {
  const { episodes, grid, iso, tickets, visible } = context;

  app.get(
    "/tickets",
    {
      schema: {
        tags: ["tickets"],
        summary: "工单,最近开单的在前 Tickets, opened last first",
        querystring: TicketsQuery,
        response: { 200: page(TicketView) },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const { status, officer, division, overdue, inspection, cursor, limit } = request.query;
      const officerId = officer === "me" ? (account.officerId ?? NOBODY) : officer;
      const state = status === "open" ? { status } : { state: status };
      const filter = given({ ...state, division, officerId, overdue, inspection, cursor });
      const found = await asked(tickets.listTickets({ ...filter, limit, visibleTo: account }));
      return {
        items: await Promise.all(found.items.map((ticket) => ticketView(context, account, ticket))),
        nextCursor: found.nextCursor,
      };
    },
  );

  app.get(
    "/tickets/:id",
    {
      schema: {
        tags: ["tickets"],
        summary: "一张工单及其经过 One ticket with its history",
        params: z.strictObject({ id: z.string().max(120) }),
        response: { 200: TicketDetail },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const ticket = await visible.ticket(account, request.params.id);
      if (!ticket) throw notFound();
      const [view, history, episode, ticketIds] = await Promise.all([
        ticketView(context, account, ticket),
        tickets.historyOf(ticket.id),
        episodes.getEpisode(ticket.episodeId),
        tickets.ticketIdsOf([ticket.episodeId]),
      ]);
      return {
        ticket: view,
        history: history.map((entry) => historyView(entry, iso)),
        episode: episode ? episodeView(episode, ticketIds.get(episode.id) ?? [], grid, iso) : null,
      };
    },
  );
}

/** No officer's id: who is none holds no ticket. */
const NOBODY = "";

export async function ticketView(
  { grid, iso, people }: Pick<ConsoleContext, "grid" | "iso" | "people">,
  account: Account,
  ticket: Ticket,
): Promise<TicketView> {
  const facts = ticketFacts(ticket, await people.officer(ticket.officerId), grid, iso);
  return { ...facts, actions: allowedActions(ticket, account) };
}
