import { useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";
import { PAGES, routeHash } from "../use-route.ts";
import { maySeePage } from "./page-access.ts";

const intoView = (tab: HTMLElement | null): void => tab?.scrollIntoView({ block: "nearest", inline: "center" });

/** The stream is a page of its own on a narrow screen only; beside the map elsewhere. */
export function PageTabs() {
  const text = useText(operatorPhrases);
  const { session, navigation } = useConsole();
  return (
    <nav className="tabs" aria-label={text("page.navigation")}>
      {PAGES.filter((page) => maySeePage(page, session.account.role)).map((page) => (
        <a
          key={page}
          className={`tab tab-${page}`}
          href={routeHash({ page })}
          // On a narrow screen the row of pages is wider than it: where one is can be seen.
          ref={navigation.route.page === page ? intoView : undefined}
          aria-current={navigation.route.page === page ? "page" : undefined}
          data-testid={`tab-${page}`}
        >
          {text(`page.${page}`)}
        </a>
      ))}
    </nav>
  );
}
