import type { OutboundMessage } from "./render-message.ts";

/** Says so where an earlier copy may have arrived: a person who is called at night sees that it is the same call. */
export const maybeAgain = (message: OutboundMessage): OutboundMessage => ({
  ...message,
  title: `(可能重发 maybe again) ${message.title}`,
});
