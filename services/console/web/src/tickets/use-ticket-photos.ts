import type { EvidencePhotoView } from "@hotgrid/contracts";
import { useCallback, useEffect, useRef, useState } from "react";
import { call, upload } from "../api/call.ts";

export interface TicketPhotosControl {
  readonly photos: readonly EvidencePhotoView[];
  /** Of the last loading or sending; null where it went well. */
  readonly error: unknown;
  readonly sending: boolean;
  /** Sends one file; sent again after a failure, it is there once. */
  readonly add: (file: File) => Promise<void>;
}

/** The photos of a ticket, loaded again whenever the ticket has changed. */
export function useTicketPhotos(ticketId: string, revision: number): TicketPhotosControl {
  const path = `/tickets/${encodeURIComponent(ticketId)}/evidence`;
  const [photos, setPhotos] = useState<readonly EvidencePhotoView[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [sending, setSending] = useState(false);
  // The list may have been on its way since before a photo was sent, and must not take it away.
  const sent = useRef<readonly EvidencePhotoView[]>([]);
  useEffect(() => {
    // No ticket has revision 0: nothing is asked before the ticket is there.
    if (revision === 0) return;
    const leave = new AbortController();
    call<{ items: EvidencePhotoView[] }>(path, { signal: leave.signal }).then(
      ({ items }) => setPhotos(sent.current.reduce(withPhoto, items)),
      (cause: unknown) => (leave.signal.aborted ? undefined : setError(cause)),
    );
    return () => leave.abort();
  }, [path, revision]);
  const add = useCallback(
    async (file: File) => {
      setSending(true);
      setError(null);
      try {
        const photo = await upload<EvidencePhotoView>(path, file);
        sent.current = withPhoto(sent.current, photo);
        setPhotos((before) => withPhoto(before, photo));
      } catch (cause) {
        setError(cause);
      } finally {
        setSending(false);
      }
    },
    [path],
  );
  return { photos, error, sending, add };
}

const withPhoto = (photos: readonly EvidencePhotoView[], photo: EvidencePhotoView): readonly EvidencePhotoView[] =>
  photos.some(({ id }) => id === photo.id) ? photos : [...photos, photo];
