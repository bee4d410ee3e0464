import type { Role } from "@hotgrid/contracts";
import type { Trail } from "@hotgrid/runtime";
import type {
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
  TotpStore,
} from "@hotgrid/store";
import type { ConsoleDependencies, ConsoleLimits } from "./console-dependencies.ts";
import type { IsoWriter } from "./core/iso-time.ts";
import type { SessionCookie } from "./http/session-cookie.ts";
import type { SingleSignOn } from "./single-sign-on/single-sign-on.ts";
import type { Pulse } from "./stream/pulse.ts";
import type { StreamHub } from "./stream/stream-hub.ts";
import type { VisibleWorld } from "./views/visible-world.ts";

/** What the routes work with. */
export interface ConsoleContext
  extends Omit<ConsoleDependencies, "limits" | "requireTotp" | "secure" | "singleSignOn" | "tileUrl"> {
  readonly iso: IsoWriter;
  readonly limits: ConsoleLimits;
  readonly requireTotp: readonly Role[];
  readonly secure: boolean;
  readonly singleSignOn: SingleSignOn | null;
  readonly tileUrl: string | null;
  readonly accounts: AccountStore;
  readonly audit: AuditStore;
  readonly sessions: SessionStore;
  readonly cookie: SessionCookie;
  readonly signOns: SingleSignOnStore;
  readonly signOnAccounts: SingleSignOnAccounts;
  readonly grants: InspectionGrantStore;
  readonly pushSubscriptions: PushSubscriptionStore;
  readonly people: PeopleStore;
  readonly deadLetters: DeadLetterStore;
  readonly status: StationStatusStore;
  readonly episodes: EpisodeStore;
  readonly evidence: EvidenceStore;
  readonly tickets: TicketStore;
  readonly tokens: TokenStore;
  readonly totp: TotpStore;
  readonly visible: VisibleWorld;
  readonly hub: StreamHub;
  readonly pulse: Pulse;
  readonly trail: Trail;
}
