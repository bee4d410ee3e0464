import type { SessionView } from "@hotgrid/contracts";
import { useEffect, useMemo } from "react";
import type { SessionControl } from "../session/use-session.ts";
import { dutyClock } from "../tickets/ticket-clock.ts";
import { cityTime } from "../time/city-time.ts";
import { ClockProvider } from "../time/clock-context.tsx";
import { useServerClockControl } from "../time/use-server-clock-control.ts";
import { useTitleCount } from "../use-title-count.ts";
import { ArrivalBar } from "./arrival-bar.tsx";
import { OfficerContext, type OfficerValue } from "./officer-context.ts";
import { TicketList } from "./ticket-list.tsx";
import { TicketPage } from "./ticket-page.tsx";
import { useMyTickets } from "./use-my-tickets.ts";
import { useTicketRoute } from "./use-ticket-route.ts";

export interface TicketsPageProps {
  readonly session: SessionView;
  readonly officerId: string;
  readonly control: SessionControl;
}

/** One stream for the list and for the ticket that is open. */
export function TicketsPage({ session, officerId, control }: TicketsPageProps) {
  const clock = useServerClockControl(session);
  const mine = useMyTickets({ officerId, onClock: clock.take });
  const [ticketId, openTicket] = useTicketRoute();
  useTitleCount(
    mine.state.tickets.filter((ticket) => ticket.officerId === officerId && dutyClock(ticket) !== null).length,
  );
  const { expire, logout } = control;
  useEffect(() => {
    if (mine.connection === "ended") expire();
  }, [mine.connection, expire]);
  const value = useMemo<OfficerValue>(
    () => ({ session, officerId, time: cityTime(session.utcOffset), expire, logout }),
    [session, officerId, expire, logout],
  );
  return (
    <OfficerContext.Provider value={value}>
      <ClockProvider clock={clock.clock}>
        <ArrivalBar arrived={mine.state.arrived} ticketId={ticketId} open={openTicket} />
        {ticketId === null ? (
          <TicketList mine={mine} open={openTicket} />
        ) : (
          <TicketPage key={ticketId} ticketId={ticketId} mine={mine} back={() => openTicket(null)} />
        )}
      </ClockProvider>
    </OfficerContext.Provider>
  );
}
