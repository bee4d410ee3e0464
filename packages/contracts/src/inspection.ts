import { z } from "zod";

/** What has to be done, by whom and until when, in the inspector's words. */
export const RectificationPlan = z.string().trim().min(10).max(4000);

/** A third-party inspection (第三方核查) of a closed ticket. pending: on the inspectors' list; passed; failed: reopened,
 *  with a plan for rectification; lapsed: nobody came in time. */
export const INSPECTION_STATES = ["pending", "passed", "failed", "lapsed"] as const;
export const InspectionState = z.enum(INSPECTION_STATES);
export type InspectionState = z.infer<typeof InspectionState>;

export const Inspection = z.strictObject({
  state: InspectionState,
  /** sampled: by the draw of the month in which it was closed; failed-before: its last inspection was not passed. */
  reason: z.enum(["sampled", "failed-before"]),
  /** Epoch ms UTC. */
  chosenAt: z.int(),
  /** Account id and name of the inspector, time and words of the result; null before there is one. */
  by: z.string().nullable(),
  byName: z.string().nullable(),
  at: z.int().nullable(),
  note: z.string().nullable(),
  /** Of a failed one. */
  plan: RectificationPlan.nullable(),
});
export type Inspection = z.infer<typeof Inspection>;
