import { z } from "zod";
import { IsoTime } from "./api.ts";
import { DivisionCode } from "./identifiers.ts";

/** GET /notifications?state= : a message to one receiver, with every attempt to deliver it. */
export const NotificationMessageView = z.strictObject({
  id: z.string(),
  receiver: z.string(),
  /** Phone number, "" where the receiver is one place. */
  address: z.string(),
  state: z.enum(["pending", "sent", "failed"]),
  title: z.string(),
  createdAt: IsoTime,
  settledAt: IsoTime.nullable(),
  /** When it is tried again; null: it is settled. */
  nextAt: IsoTime.nullable(),
  /** An attempt may have arrived although nobody said so: a robot's chat may show the message twice. */
  unsure: z.boolean(),
  /** What it tells, as far as the account may see it: the ticket or episode and the step. */
  subjects: z.array(z.strictObject({ id: z.string(), step: z.string() })),
  attempts: z.array(
    z.strictObject({
      attempt: z.int(),
      at: IsoTime,
      outcome: z.enum(["sent", "later", "refused"]),
      /** What the other side said. */
      detail: z.string(),
    }),
  ),
});
export type NotificationMessageView = z.infer<typeof NotificationMessageView>;

/** GET /tickets/{id}/notifications: one step of the ticket that one receiver was to be told. */
export const TicketNotificationView = z.strictObject({
  id: z.string(),
  at: IsoTime,
  step: z.string(),
  receiver: z.string(),
  address: z.string(),
  state: z.enum(["waiting", "bundled", "dropped"]),
  /** Why it waits or was dropped, e.g. "quiet-hours", "silenced ID", "over". */
  reason: z.string(),
  message: NotificationMessageView.nullable(),
});
export type TicketNotificationView = z.infer<typeof TicketNotificationView>;

/** GET /episodes/{id}/muted-notifications: what a regional notice keeps from being told for now, one step of one ticket to
 *  one receiver. Tickets that it kept from being opened: GET /episodes?inhibitedBy=. */
export const MutedNotificationView = z.strictObject({
  id: z.string(),
  at: IsoTime,
  step: z.string(),
  ticketId: z.string(),
  division: DivisionCode,
  receiver: z.string(),
  address: z.string(),
});
export type MutedNotificationView = z.infer<typeof MutedNotificationView>;
