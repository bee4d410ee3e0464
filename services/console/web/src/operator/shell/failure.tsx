import { Button, Result } from "antd";
import { ApiError, describeError } from "../../api/api-error.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { operatorPhrases } from "../phrases.ts";

const STATUS = { forbidden: "403", gone: "404" } as const;

/** What went wrong in the words of the server, and the way on where trying again may help. */
export function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const kind = error instanceof ApiError ? error.kind : "server";
  const final = kind === "forbidden" || kind === "gone";
  return (
    <Result
      status={final ? STATUS[kind] : "warning"}
      title={describeError(error, language)}
      extra={final ? null : <Button onClick={retry}>{text("retry")}</Button>}
      data-testid="failure"
    />
  );
}
