import { useCallback, useEffect, useState } from "react";

const read = (): string | null => /^#\/tickets\/(.+)$/.exec(location.hash)?.[1] ?? null;

/** The open ticket is in the address, so that the phone's back key leads to the list and a notification can link it. */
export function useTicketRoute(): [string | null, (ticketId: string | null) => void] {
  const [encoded, setEncoded] = useState(read);
  useEffect(() => {
    const follow = () => setEncoded(read());
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  const open = useCallback((ticketId: string | null) => {
    location.hash = ticketId === null ? "#/" : `#/tickets/${encodeURIComponent(ticketId)}`;
  }, []);
  return [decode(encoded), open];
}

function decode(text: string | null): string | null {
  try {
    return text === null ? null : decodeURIComponent(text);
  } catch {
    // A damaged link leads to the list.
    return null;
  }
}
