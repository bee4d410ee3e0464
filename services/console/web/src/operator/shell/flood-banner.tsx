import { Alert, Button } from "antd";
import { useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";
import { useAlarmFlood } from "./use-alarm-flood.ts";

/** Alarm flood by ANSI/ISA-18.2: says that it is one, and what to look at first. For who has a desk. */
export function FloodBanner() {
  const { session } = useConsole();
  const { role } = session.account;
  return role === "operator" || role === "supervisor" || role === "administrator" ? <Flood /> : null;
}

function Flood() {
  const text = useText(operatorPhrases);
  const { navigation, changes } = useConsole();
  const flood = useAlarmFlood(changes);
  if (!flood?.flood) return null;
  const { opened, threshold, windowMinutes } = flood;
  return (
    <Alert
      banner
      type="error"
      role="alert"
      data-testid="alarm-flood"
      data-opened={opened}
      title={text("flood.title", { n: opened, minutes: windowMinutes })}
      description={text("flood.hint", { threshold, minutes: windowMinutes })}
      action={
        <Button danger onClick={() => navigation.goTo("tickets", "red")} data-testid="flood-red">
          {text("flood.red")}
        </Button>
      }
    />
  );
}
