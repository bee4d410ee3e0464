import { useText } from "../language/language-context.tsx";
import { pushPhrases } from "./push-phrases.ts";
import { useDevicePush } from "./use-device-push.ts";
import "./push.css";

/** Notifications on this device: on, off, or why not. Nothing where the system sends none. */
export function PushBar() {
  const text = useText(pushPhrases);
  const { state, busy, failure, turn } = useDevicePush();
  if (state === null) return null;
  return (
    <section className="push-bar" data-testid="push" data-state={state}>
      {state === "unsupported" || state === "denied" ? (
        <p>{text(`push.${state}`)}</p>
      ) : (
        <>
          {state === "on" ? <p>{text("push.on")}</p> : null}
          <button type="button" className="text-button" disabled={busy} onClick={turn} data-testid="push-turn">
            {text(state === "on" ? "push.disable" : "push.enable")}
          </button>
        </>
      )}
      <p className="push-failure" role="alert">
        {failure}
      </p>
    </section>
  );
}
