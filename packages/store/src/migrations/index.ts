import type { Migration } from "kysely";
import { peopleAndStations } from "./001-people-and-stations.ts";
import { tickets } from "./002-tickets.ts";
import { duty } from "./003-duty.ts";
import { notifications } from "./004-notifications.ts";
import { audit } from "./005-audit.ts";
import { ticketClocks } from "./006-ticket-clocks.ts";
import { falseAlarms } from "./007-false-alarms.ts";
import { boundaryProposals } from "./008-boundary-proposals.ts";
import { evidence } from "./009-evidence.ts";
import { inhibitedEpisodes } from "./010-inhibited-episodes.ts";
import { tokens } from "./011-tokens.ts";
import { logins } from "./012-logins.ts";
import { pushSubscriptions } from "./013-push-subscriptions.ts";
import { boundaryOutcomes } from "./014-boundary-outcomes.ts";
import { inspections } from "./015-inspections.ts";
import { episodesOfSplitTickets } from "./016-episodes-of-split-tickets.ts";
import { unsureMessages } from "./017-unsure-messages.ts";

/** In the order of their numbers; one that has been released never changes.
 *
 *  A migration runs on SQLite and on PostgreSQL alike, through kysely's schema builder, with these types only:
 *  `text` (JSON too), `integer`, `double precision`, and `bigint` for epoch milliseconds, which fit a JavaScript number
 *  (the PostgreSQL adapter parses int8 as one). No booleans (0 and 1, or the time at which it became true), no defaults
 *  that call functions, no auto-increment: ids are made by the code. */
export const migrations: Readonly<Record<string, Migration>> = {
  "001-people-and-stations": peopleAndStations,
  "002-tickets": tickets,
  "003-duty": duty,
  "004-notifications": notifications,
  "005-audit": audit,
  "006-ticket-clocks": ticketClocks,
  "007-false-alarms": falseAlarms,
  "008-boundary-proposals": boundaryProposals,
  "009-evidence": evidence,
  "010-inhibited-episodes": inhibitedEpisodes,
  "011-tokens": tokens,
  "012-logins": logins,
  "013-push-subscriptions": pushSubscriptions,
  "014-boundary-outcomes": boundaryOutcomes,
  "015-inspections": inspections,
  "016-episodes-of-split-tickets": episodesOfSplitTickets,
  "017-unsure-messages": unsureMessages,
};
