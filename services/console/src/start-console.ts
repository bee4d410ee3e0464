import { type CityCode, cityOf, episodeSubject, stationSubject, ticketSubject } from "@hotgrid/contracts";
import { type Clock, Closing, SystemClock, Trail } from "@hotgrid/runtime";
import {
  AccountStore,
  AuditStore,
  DeadLetterStore,
  EpisodeStore,
  EvidenceStore,
  InspectionGrantStore,
  PeopleStore,
  PushSubscriptionStore,
  SessionStore,
  SingleSignOnAccounts,
  SingleSignOnStore,
  StationStatusStore,
  TicketStore,
  TokenStore,
  type TotpStore,
} from "@hotgrid/store";
import { buildApp } from "./build-app.ts";
import type { ConsoleContext } from "./console-context.ts";
import { type ConsoleDependencies, DEFAULT_LIMITS } from "./console-dependencies.ts";
import { isoWriter } from "./core/iso-time.ts";
import type { RouteEntry } from "./http/guard-requests.ts";
import { SessionCookie } from "./http/session-cookie.ts";
import { openTotp } from "./open-totp.ts";
import { SingleSignOn } from "./single-sign-on/single-sign-on.ts";
import { episodeProjection, stationProjection, ticketProjection } from "./stream/projections.ts";
import { Pulse } from "./stream/pulse.ts";
import { StreamHub } from "./stream/stream-hub.ts";
import { VisibleWorld } from "./views/visible-world.ts";

export interface RunningConsole {
  readonly port: number;
  readonly routes: readonly RouteEntry[];
  /** Browsers that listen to the live stream now. */
  streams(): number;
  close(): Promise<void>;
}

/** Between two removals of sessions that have ended, ms of the wall. Ours. */
const SWEEP_MS = 3_600_000;

/** The HTTP interface, the live stream and the pages, until closed. */
export async function startConsole(dependencies: ConsoleDependencies): Promise<RunningConsole> {
  const { log } = dependencies;
  const closing = new Closing();
  // A bug in the background must not leave a console that looks alive: the process stops, its supervisor restarts it.
  const onBug = (error: unknown) => {
    log.fatal({ err: error }, "the console's stream stopped by a bug");
    queueMicrotask(() => {
      throw error;
    });
  };
  try {
    const wall = dependencies.wall ?? new SystemClock();
    const totp = await openTotp(dependencies.database, wall, dependencies.totpKey, log);
    const context = contextOf(dependencies, wall, totp);
    await context.sessions.revokeWithoutTotp(context.requireTotp);
    closing.add("stream", () => context.hub.close());
    await context.hub.start(onBug);
    closing.add("pulse", () => context.pulse.close());
    await context.pulse.start(onBug);
    const sweep = setInterval(() => void context.sessions.sweep().catch(onBug), SWEEP_MS);
    closing.add("session sweep", () => clearInterval(sweep));

    const { app, routes } = await buildApp(context);
    closing.add("http", () => app.close());
    await app.listen({ port: dependencies.port, host: dependencies.host });
    const address = app.server.address();
    if (address === null || typeof address === "string") throw new Error("the console listens on no TCP port");
    return { port: address.port, routes, streams: () => context.hub.size, close: () => closing.run() };
  } catch (error) {
    await closing.run();
    throw error;
  }
}

function contextOf(dependencies: ConsoleDependencies, wall: Clock, totp: TotpStore): ConsoleContext {
  const { bus, city, clock, database, demo, grid, readings, stations, log } = dependencies;
  const cityCode: CityCode = cityOf(city.code);
  const iso = isoWriter(city.utcOffset);
  const limits = { ...DEFAULT_LIMITS, ...dependencies.limits };
  const requireTotp = dependencies.requireTotp ?? [];
  const sessions = new SessionStore(database, wall);
  const people = new PeopleStore(database);
  const tickets = new TicketStore(database);
  const trail = new Trail(log, "console", dependencies.traces);
  const sources = { grid, iso, people, stations, tickets, log };
  const hub = new StreamHub({
    bus,
    logs: {
      episodes: { subject: episodeSubject(cityCode), project: episodeProjection(sources) },
      tickets: { subject: ticketSubject(cityCode), project: ticketProjection(sources) },
      stations: { subject: stationSubject(cityCode), project: stationProjection(sources) },
    },
    streamsPerAccount: limits.streamsPerAccount,
    log,
    trail,
  });
  const find = (stationId: string) => stations.find(stationId)?.station;
  const { heartbeatMs } = limits;
  const grants = new InspectionGrantStore(database, clock);
  const asking = { sessions, grants, heartbeatMs };
  const pulse = new Pulse({ bus, city: cityCode, clock, demo, hub, iso, readings, ...asking, find, log });
  return {
    ...dependencies,
    iso,
    limits,
    requireTotp,
    secure: dependencies.secure ?? false,
    singleSignOn: singleSignOnOf(dependencies),
    pushSubscriptions: new PushSubscriptionStore(database, wall),
    signOns: new SingleSignOnStore(database, wall),
    signOnAccounts: new SingleSignOnAccounts(database, wall),
    tileUrl: dependencies.tileUrl ?? null,
    accounts: new AccountStore(database, wall, requireTotp),
    audit: new AuditStore(database),
    cookie: new SessionCookie(sessions, dependencies.secure ?? false),
    deadLetters: new DeadLetterStore(database),
    episodes: new EpisodeStore(database),
    evidence: new EvidenceStore(database),
    status: new StationStatusStore(database),
    visible: new VisibleWorld(stations, tickets),
    grants,
    sessions,
    tokens: new TokenStore(database, wall),
    totp,
    people,
    tickets,
    hub,
    pulse,
    trail,
  };
}

/** Throws where a rule gives rights over a division that this city has not. */
function singleSignOnOf({ grid, singleSignOn }: ConsoleDependencies): SingleSignOn | null {
  if (!singleSignOn) return null;
  for (const { division } of singleSignOn.grants)
    if (!grid.divisions.has(division))
      throw new Error(`the single sign-on's grants: division ${division} is not in this city`);
  return new SingleSignOn(singleSignOn);
}
