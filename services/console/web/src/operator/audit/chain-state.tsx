import type { AuditVerification } from "@hotgrid/contracts";
import { Alert, Button, Spin } from "antd";
import { useLoaded } from "../../api/use-loaded.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { Failure } from "../shell/failure.tsx";
import { auditPhrases } from "./phrases.ts";

/** Whether the log is as it was written. The server reads all of it, which takes a while where it is long. */
export function ChainState() {
  const text = useText(auditPhrases);
  const { language } = useLanguage();
  const { time } = useConsole();
  const { data, error, busy, reload } = useLoaded<AuditVerification>("/audit/verification");
  if (error !== null) return <Failure error={error} retry={reload} />;
  if (data === null)
    return (
      <p role="status">
        <Spin size="small" /> {text("audit.checking")}
      </p>
    );
  const { count, hash, problem } = data;
  const whole = text("audit.whole", { n: count, at: time.full(Date.parse(data.checkedAt)) });
  return (
    <Alert
      type={problem === null ? "success" : "error"}
      showIcon
      data-testid="chain-state"
      data-whole={problem === null}
      title={problem === null ? whole : text("audit.broken", { what: problem.message[language] })}
      description={problem === null ? <code>{text("audit.head", { hash })}</code> : text("audit.brokenRemedy")}
      action={
        <Button size="small" loading={busy} onClick={reload}>
          {text("audit.again")}
        </Button>
      }
    />
  );
}
