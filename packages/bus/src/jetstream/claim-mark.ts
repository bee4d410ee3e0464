import { headers, type MsgHdrs } from "@nats-io/transport-node";

/** Header with which a writer signs what it appends to a subject that it has claimed. */
const WRITER = "Hotgrid-Writer";
/** Header of the message that is the claim itself: for the order of the stream, not for consumers. */
const CLAIM = "Hotgrid-Claim";

export function signed(writer: string): MsgHdrs {
  const signature = headers();
  signature.set(WRITER, writer);
  return signature;
}

export function claimOf(writer: string): MsgHdrs {
  const claim = signed(writer);
  claim.set(CLAIM, "1");
  return claim;
}

export const writerOf = (header: MsgHdrs | undefined): string => header?.get(WRITER) ?? "";
export const isClaim = (message: { readonly headers?: MsgHdrs }): boolean => message.headers?.has(CLAIM) ?? false;
