import type { EvidencePhotoView, TicketView } from "@hotgrid/contracts";
import { describeError } from "../api/api-error.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { sharedPhrases } from "../language/shared-phrases.ts";
import { useTicketPhotos } from "./use-ticket-photos.ts";

/** The ticket's photos and, for who may comment, the camera. Named types make an iPhone send JPEG instead of HEIC. */
export function TicketPhotos({ ticket }: { ticket: TicketView }) {
  const text = useText(sharedPhrases);
  const { language } = useLanguage();
  const { photos, error, sending, add } = useTicketPhotos(ticket.id, ticket.revision);
  const mayAdd = ticket.actions.includes("comment");
  if (!mayAdd && photos.length === 0 && error === null) return null;
  return (
    <section className="photos" data-testid="photos">
      <h3>{text("photos.title")}</h3>
      <ul>
        {photos.map((photo) => (
          <li key={photo.id}>
            <Photo photo={photo} />
          </li>
        ))}
      </ul>
      {mayAdd ? (
        <label className="take">
          {text(sending ? "photos.sending" : "photos.take")}
          <input
            type="file"
            accept="image/jpeg,image/png,image/heic"
            capture="environment"
            data-testid="photo-input"
            disabled={sending}
            onChange={({ target }) => {
              const [file] = target.files ?? [];
              // The same file may be chosen again after a failure.
              target.value = "";
              if (file) void add(file);
            }}
          />
        </label>
      ) : null}
      {error === null ? null : (
        <p className="form-error" role="alert">
          {describeError(error, language)}
        </p>
      )}
    </section>
  );
}

function Photo({ photo }: { photo: EvidencePhotoView }) {
  const text = useText(sharedPhrases);
  const base = `/api/v1/tickets/${encodeURIComponent(photo.ticketId)}/evidence/${photo.id}`;
  const said = text("photos.by", { name: photo.byName, at: minute(photo.at) });
  return (
    <figure>
      <a href={`${base}/image`} target="_blank" rel="noreferrer">
        <img src={`${base}/thumbnail`} alt={said} loading="lazy" width={104} height={104} />
      </a>
      <figcaption>
        {said}
        {photo.takenAt === null ? null : <div>{text("photos.taken", { at: minute(photo.takenAt) })}</div>}
        {photo.lat === null || photo.lon === null ? null : (
          <div>{text("photos.place", { lat: photo.lat.toFixed(5), lon: photo.lon.toFixed(5) })}</div>
        )}
      </figcaption>
    </figure>
  );
}

/** Month, day and time of day as the answer has them: local time of the city, or of the camera. */
const minute = (iso: string): string => iso.slice(5, 16).replace("T", " ");
