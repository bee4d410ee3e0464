import { useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";
import { PAGES, routeHash } from "../use-route.ts";

/** Whom the server shows dead letters. */
const CITY_WIDE = new Set(["operator", "administrator"]);

/** The stream is a page of its own on a narrow screen only; beside the map elsewhere. */
export function PageTabs() {
  const text = useText(operatorPhrases);
  const { session, navigation } = useConsole();
  const pages = PAGES.filter((page) => page !== "dead-letters" || CITY_WIDE.has(session.account.role));
  return (
    <nav className="tabs" aria-label={text("page.navigation")}>
      {pages.map((page) => (
        <a
          key={page}
          className={`tab tab-${page}`}
          href={routeHash({ page, ticket: null, station: null, episode: null })}
          aria-current={navigation.route.page === page ? "page" : undefined}
          data-testid={`tab-${page}`}
        >
          {text(`page.${page}`)}
        </a>
      ))}
    </nav>
  );
}
