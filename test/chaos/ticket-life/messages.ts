import type { TicketCommand, TicketCommandReply } from "@hotgrid/contracts";
import type { KillPlan } from "./kill-at.ts";
import type { Stage } from "./life.ts";

/** Times in epoch ms. `rules`: the city's notification.json. */
export type ToChild =
  | {
      readonly kind: "start";
      readonly folder: string;
      readonly plan: KillPlan | null;
      readonly now: number;
      readonly rules: unknown;
    }
  | { readonly kind: "clock"; readonly now: number }
  | { readonly kind: "episode"; readonly episode: NonNullable<Stage["episode"]> }
  | { readonly kind: "command"; readonly command: TicketCommand };

/** warm: everything is loaded. idle: what it was told is done, and nothing is left to do at its time; `commits` so far. */
export type FromChild =
  | { readonly kind: "warm" }
  | { readonly kind: "idle"; readonly commits: number; readonly reply: TicketCommandReply | null };
