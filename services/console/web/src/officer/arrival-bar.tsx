import type { TicketView } from "@hotgrid/contracts";
import { useEffect, useState } from "react";
import { useLanguage, useText } from "../language/language-context.tsx";
import { officerPhrases } from "./phrases.ts";

/** Two long buzzes, ms: on, off, on. Ours: to be felt in a pocket. */
const BUZZ = [400, 200, 400];

export interface ArrivalBarProps {
  readonly arrived: TicketView | null;
  /** The ticket that is open; null: the list is, where the new one stands first. */
  readonly ticketId: string | null;
  readonly open: (ticketId: string) => void;
}

/** A ticket that comes while the page is open: said aloud, felt, and shown above another ticket that is being read. */
export function ArrivalBar({ arrived, ticketId, open }: ArrivalBarProps) {
  const text = useText(officerPhrases);
  const { language } = useLanguage();
  const [seen, setSeen] = useState<string | null>(null);
  const id = arrived?.id ?? null;
  useEffect(() => {
    // Phones without a motor, and iPhones, have no such function.
    if (id !== null) navigator.vibrate?.(BUZZ);
  }, [id]);
  useEffect(() => {
    if (id !== null && (ticketId === null || ticketId === id)) setSeen(id);
  }, [id, ticketId]);
  const words = arrived === null ? "" : text("officer.newTicket", { title: arrived.title[language] });
  return (
    <>
      <p className="visually-hidden" aria-live="assertive">
        {words}
      </p>
      {id === null || id === seen || ticketId === null || ticketId === id ? null : (
        <button type="button" className="arrival" data-testid="arrival" onClick={() => open(id)}>
          {words} ›
        </button>
      )}
    </>
  );
}
