import { decodeJson, encodeJson } from "@hotgrid/bus";
import {
  ACTION_BODIES,
  cityOf,
  TICKET_ACTIONS,
  type TicketAction,
  type TicketCommand,
  TicketCommandReply,
  TicketView,
  ticketCommandSubject,
} from "@hotgrid/contracts";
import { wallTime } from "@hotgrid/runtime";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { ticketView } from "./ticket-routes.ts";

const Headers = z.object({
  /** Chosen by the caller: the same command sent again with the same key is done once and gets the same answer. */
  "idempotency-key": z.string().regex(/^[\x21-\x7e]{1,128}$/, "1 to 128 printable ASCII characters without space"),
  /** The revision that the caller saw, in quotes or not: a conflict where the ticket has changed since. */
  "if-match": z
    .string()
    .regex(/^"?\d{1,9}"?$/, "a ticket's revision")
    .transform((text) => Number(text.replaceAll('"', "")))
    .pipe(z.int().positive())
    .optional(),
});

const STATUS_OF: Readonly<Record<Exclude<TicketCommandReply["outcome"], "done">, number>> = {
  "not-found": 404,
  forbidden: 403,
  conflict: 409,
  invalid: 422,
};

/** The console changes no ticket: it asks the dispatcher, which owns them and checks the rights again. */
export function ticketCommandRoutes(app: ConsoleApp, context: ConsoleContext): void {
  for (const action of TICKET_ACTIONS) commandRoute(app, context, action);
}

function commandRoute(app: ConsoleApp, context: ConsoleContext, action: TicketAction): void {
  app.post(
    `/tickets/:id/${action}`,
    {
      schema: {
        tags: ["tickets"],
        summary: `工单操作 Ticket command: ${action}`,
        params: z.strictObject({ id: z.string().max(64) }),
        headers: Headers,
        body: ACTION_BODIES[action],
        response: { 200: TicketView },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const revision = request.headers["if-match"];
      const reply = await ask(context, {
        ticketId: request.params.id,
        action,
        body: request.body,
        accountId: account.id,
        address: request.ip,
        idempotencyKey: request.headers["idempotency-key"],
        ...(revision === undefined ? {} : { revision }),
      });
      if (reply.outcome === "done") return ticketView(context, account, reply.ticket);
      throw new HttpProblem({ status: STATUS_OF[reply.outcome], name: reply.reason, text: reply.message });
    },
  );
}

async function ask({ bus, city, limits, trail }: ConsoleContext, command: TicketCommand): Promise<TicketCommandReply> {
  const from = wallTime();
  const subject = ticketCommandSubject(cityOf(city.code));
  const answer = await bus.request(subject, encodeJson(command), limits.commandTimeoutMs);
  const reply = decodeJson(TicketCommandReply, answer);
  const { ticketId: ticket, action, accountId: account, idempotencyKey: id } = command;
  const reading = reply.outcome === "done" ? reply.ticket.reading : undefined;
  const refused = reply.outcome === "done" ? {} : { failed: reply.reason };
  const fields = { ticket, action, account, outcome: reply.outcome };
  trail.tell({ name: "command", id: `${ticket} ${id}`, reading, from, ...refused, fields });
  return reply;
}
