import { z } from "zod";

/** A photo that somebody added to a ticket: what is known of it. Position and time are what the camera wrote into the
 *  file; the served picture has neither. */
export const EvidencePhoto = z.strictObject({
  id: z.uuid(),
  ticketId: z.string(),
  /** When it was added, epoch ms UTC, by the city's clock. */
  at: z.int(),
  /** Account id and name of who added it. */
  by: z.string(),
  byName: z.string(),
  /** Of the served picture, a JPEG: pixels, bytes, SHA-256 in hex. */
  width: z.int().positive(),
  height: z.int().positive(),
  bytes: z.int().positive(),
  sha256: z.string(),
  /** SHA-256 of the file as it was sent. */
  originalSha256: z.string(),
  /** By the camera's clock, ISO 8601 with offset; null where the file doesn't say. */
  takenAt: z.iso.datetime({ offset: true }).nullable(),
  /** WGS-84 degrees by the camera; null where the file doesn't say. */
  lon: z.number().min(-180).max(180).nullable(),
  lat: z.number().min(-90).max(90).nullable(),
});
export type EvidencePhoto = z.infer<typeof EvidencePhoto>;

/** GET and POST /tickets/{id}/evidence. The pictures: …/evidence/{photo}/image and …/thumbnail. */
export const EvidencePhotoView = EvidencePhoto.extend({ at: z.iso.datetime({ offset: true }) });
export type EvidencePhotoView = z.infer<typeof EvidencePhotoView>;

/** Bytes of one photo as it is sent. The issue asks for 20 MB. */
export const EVIDENCE_LIMIT_BYTES = 20 * 1024 * 1024;
