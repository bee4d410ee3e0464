import { Result } from "antd";
import { useText } from "../../language/language-context.tsx";
import { operatorPhrases } from "../phrases.ts";
import { routeHash } from "../use-route.ts";

/** A link led to a page of other roles. */
export function ForbiddenPage() {
  const text = useText(operatorPhrases);
  return (
    <Result
      status="403"
      title={text("page.forbidden")}
      extra={<a href={routeHash({ page: "overview" })}>{text("page.overview")}</a>}
      data-testid="forbidden"
    />
  );
}
