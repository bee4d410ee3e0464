import { nuid } from "@nats-io/transport-node";

/** Id of a message in a stream that remembers ids: the caller's, or one of its own. None is without. A node of nats-server
 *  2.9 forgets at its end how many duplicates it has left out since its last snapshot (of two minutes), and takes as
 *  many of its newest messages again when it starts (`clfs` in server/stream.go): what has an id it then knows, what
 *  has none would be there twice on that node, and all positions behind it be others than on the other nodes. */
export const idOf = (messageId: string | undefined): string => messageId ?? nuid.next();
