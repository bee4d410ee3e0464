import { decodeJson, type LogMessage } from "@hotgrid/bus";
import {
  type Account,
  decidingReading,
  EpisodeEvent,
  type EpisodeStreamEvent,
  episodeEventKey,
  StationEvent,
  TicketEvent,
  type TicketStreamEvent,
  ticketEventKey,
} from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import { type Log, Rejected } from "@hotgrid/runtime";
import type { PeopleStore, StationDirectory, TicketStore } from "@hotgrid/store";
import { allowedActions, canSee } from "@hotgrid/tickets";
import type { z } from "zod";
import type { IsoWriter } from "../core/iso-time.ts";
import { seesDivision } from "../core/visibility.ts";
import { episodeView } from "../views/episode-view.ts";
import { historyView, ticketFacts } from "../views/ticket-view.ts";
import type { Projection } from "./log-feed.ts";
import type { Outgoing } from "./stream-client.ts";

export interface ProjectionSources {
  readonly grid: Grid;
  readonly iso: IsoWriter;
  readonly people: PeopleStore;
  readonly stations: StationDirectory;
  readonly tickets: TicketStore;
  readonly log: Log;
}

/** Who holds a ticket of the episode sees it, too. */
export const episodeProjection = ({ grid, iso, tickets, log }: ProjectionSources): Projection =>
  projection(EpisodeEvent, log, async ({ type, episode, revision }) => {
    const id = episodeEventKey({ episode, revision });
    const ticketIds = (await tickets.ticketIdsOf([episode.id])).get(episode.id) ?? [];
    const found = await Promise.all(ticketIds.map((id) => tickets.getTicket(id)));
    const holders = new Set(found.map((ticket) => ticket?.officerId));
    const event: z.input<typeof EpisodeStreamEvent> = { type, episode: episodeView(episode, ticketIds, grid, iso) };
    const data = JSON.stringify(event);
    return {
      event: "episode",
      shows: {
        ...{ id: `episode ${id}`, reading: decidingReading(episode), after: ["decide", id] },
        fields: { episode: episode.id, revision },
      },
      visibleTo: (account) =>
        seesDivision(account, episode.division) || (account.officerId !== null && holders.has(account.officerId)),
      dataFor: () => data,
    };
  });

/** The last that an officer sees of a ticket of another division is that it went on to somebody else. */
export const ticketProjection = ({ grid, iso, people, log }: ProjectionSources): Projection =>
  projection(TicketEvent, log, async ({ ticket, entry }) => {
    const facts = ticketFacts(ticket, await people.officer(ticket.officerId), grid, iso);
    const line = historyView(entry, iso);
    const id = ticketEventKey({ ticket, entry });
    const before = entry.details?.["previousOfficerId"];
    const dataFor = (account: Account) => {
      const event: z.input<typeof TicketStreamEvent> = {
        ticket: { ...facts, actions: [...allowedActions(ticket, account)] },
        entry: line,
      };
      return JSON.stringify(event);
    };
    return {
      event: "ticket",
      shows: {
        ...{ id: `ticket ${id}`, reading: ticket.reading, after: ["ticket", id] },
        fields: { ticket: ticket.id, revision: ticket.revision },
      },
      visibleTo: (account) => canSee(account, ticket) || (before !== undefined && account.officerId === before),
      dataFor,
    };
  });

export const stationProjection = ({ iso, stations, log }: ProjectionSources): Projection =>
  projection(StationEvent, log, async (event) => {
    const station = stations.find(event.stationId)?.station;
    if (event.kind === "unknown-property" || !station) return null;
    const data = JSON.stringify({ ...event, at: iso(event.at) });
    return { event: "station", visibleTo: (account) => seesDivision(account, station.division), dataFor: () => data };
  });

/** A message that its own service should not have written is passed over: the browsers' lists come from the stores. */
function projection<T extends z.ZodType>(
  schema: T,
  log: Log,
  project: (event: z.output<T>) => Promise<Outgoing | null>,
): Projection {
  return async (message: LogMessage) => {
    try {
      return await project(decodeJson(schema, message.data));
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      log.error({ err: error, subject: message.subject, seq: message.seq }, "message of a log not decodable");
      return null;
    }
  };
}
