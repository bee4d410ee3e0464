import { useText } from "../language/language-context.tsx";
import type { ConnectionState } from "../live/event-stream.ts";
import { officerPhrases } from "./phrases.ts";

/** Silent while all is well: an officer needs to know only that what is shown may be old. */
export function ConnectionLine({ state }: { state: ConnectionState }) {
  const text = useText(officerPhrases);
  return (
    <p className={`connection connection-${state}`} role="status" data-testid="connection" data-state={state}>
      {state === "live" ? (
        <span className="visually-hidden">{text("connection.live")}</span>
      ) : (
        text(`connection.${state}`)
      )}
    </p>
  );
}
