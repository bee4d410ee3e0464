import type { SessionView } from "@hotgrid/contracts";
import { Alert, Button, Spin } from "antd";
import { type ComponentType, lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { describeError } from "../api/api-error.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { PageBoundary } from "../page-boundary.tsx";
import type { SessionControl } from "../session/use-session.ts";
import { cityTime } from "../time/city-time.ts";
import { ClockProvider } from "../time/clock-context.tsx";
import { useServerClockControl } from "../time/use-server-clock-control.ts";
import { ConsoleContext, type ConsoleValue, useConsole } from "./console-context.ts";
import { EpisodeDrawer } from "./episodes/episode-drawer.tsx";
import { type LiveCity, LiveStoreContext, useLiveCity } from "./live/use-live-city.ts";
import type { Place } from "./map/city-map.ts";
import { OverviewPage } from "./overview-page.tsx";
import { operatorPhrases } from "./phrases.ts";
import { FloodBanner } from "./shell/flood-banner.tsx";
import { ForbiddenPage } from "./shell/forbidden-page.tsx";
import { Header } from "./shell/header.tsx";
import { maySeePage } from "./shell/page-access.ts";
import { PageTabs } from "./shell/page-tabs.tsx";
import { StationDrawer } from "./stations/station-drawer.tsx";
import { TicketBoard } from "./tickets/ticket-board.tsx";
import { TicketDrawer } from "./tickets/ticket-drawer.tsx";
import { type PageName, useRoute } from "./use-route.ts";

export interface ConsolePageProps {
  readonly session: SessionView;
  readonly control: SessionControl;
}

export function ConsolePage({ session, control }: ConsolePageProps) {
  const clock = useServerClockControl(session);
  const city = useLiveCity(clock.take);
  const navigation = useRoute();
  const [focus, setFocus] = useState<Place | null>(null);
  const { expire } = control;
  useEffect(() => {
    if (city.connection === "ended") expire();
  }, [city.connection, expire]);

  const { goTo, route } = navigation;
  const showPlace = useCallback(
    ({ lon, lat }: Place) => {
      goTo("overview");
      setFocus({ lon, lat });
    },
    [goTo],
  );
  const value = useMemo<ConsoleValue>(
    () => ({ session, time: cityTime(session.utcOffset), navigation, showPlace, changes: city.changes }),
    [session, navigation, showPlace, city.changes],
  );
  return (
    <ConsoleContext.Provider value={value}>
      <ClockProvider clock={clock.clock}>
        <LiveStoreContext.Provider value={city.store}>
          <div className="console" data-page={route.page}>
            <Header connection={city.connection} takeClock={clock.take} logout={control.logout} />
            <PageTabs />
            <div className="stage">
              <main>
                <ListsAlert city={city} />
                <FloodBanner />
                <OverviewPage hidden={route.page !== "overview" && route.page !== "feed"} focus={focus} />
                <PageBoundary key={route.page}>
                  <Page name={route.page} />
                </PageBoundary>
              </main>
              <Drawers />
            </div>
          </div>
        </LiveStoreContext.Provider>
      </ClockProvider>
    </ConsoleContext.Provider>
  );
}

// Pages that are looked at seldom come when they are.
const PAGES: Readonly<Partial<Record<PageName, ComponentType>>> = {
  tickets: TicketBoard,
  inspection: lazy(() => import("./inspection/inspection-page.tsx")),
  duty: lazy(() => import("./duty/duty-page.tsx")),
  notifications: lazy(() => import("./notifications/notifications-page.tsx")),
  boundaries: lazy(() => import("./boundaries/boundaries-page.tsx")),
  audit: lazy(() => import("./audit/audit-page.tsx")),
  "dead-letters": lazy(() => import("./dead-letters/dead-letters-page.tsx")),
};

function Page({ name }: { name: PageName }) {
  const text = useText(operatorPhrases);
  const { session } = useConsole();
  const Shown = PAGES[name];
  if (Shown === undefined) return null;
  if (!maySeePage(name, session.account.role)) return <ForbiddenPage />;
  return (
    <Suspense fallback={<Spin description={text("loading")} className="page-waiting" />}>
      <Shown />
    </Suspense>
  );
}

function Drawers() {
  const { episode, station, ticket } = useConsole().navigation.route;
  return (
    <PageBoundary key={ticket ?? station ?? episode}>
      {ticket === null ? null : <TicketDrawer key={ticket} ticketId={ticket} />}
      {station === null ? null : <StationDrawer key={station} stationId={station} />}
      {episode === null ? null : <EpisodeDrawer key={episode} episodeId={episode} />}
    </PageBoundary>
  );
}

function ListsAlert({ city }: { city: LiveCity }) {
  const { language } = useLanguage();
  const text = useText(operatorPhrases);
  if (city.error === null) return null;
  return (
    <Alert
      banner
      type="error"
      title={describeError(city.error, language)}
      action={<Button onClick={city.reload}>{text("retry")}</Button>}
    />
  );
}
