import type { RoutingTree } from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import type { Database } from "@hotgrid/store";
import type { TicketPolicy } from "@hotgrid/tickets";
import type { Transaction } from "kysely";

/** One transaction of the database: what is read and written through it happens whole or not at all. */
export type Trx = Transaction<Database>;

/** What the rules of the loop need to know of the city. */
export interface City {
  readonly grid: Grid;
  readonly policy: TicketPolicy;
  readonly routing: RoutingTree;
  /** Of the city's local time, e.g. "+08:00". */
  readonly utcOffset: string;
}
