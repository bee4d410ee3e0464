import { createHash } from "node:crypto";
import readExif from "exif-reader";
import sharp, { type Metadata, type Sharp } from "sharp";
import { HttpProblem } from "../http/http-problem.ts";
import { decodeHeic } from "./decode-heic.ts";
import { photoFormat } from "./photo-format.ts";

interface PhotoFacts {
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  readonly originalSha256: string;
  readonly takenAt: string | null;
  readonly lon: number | null;
  readonly lat: number | null;
}

export interface Photo extends PhotoFacts {
  /** JPEGs without any metadata. */
  readonly image: Buffer;
  readonly thumbnail: Buffer;
}

/** Pixels of a photo as it is sent: 50 MP is what phones take at most in their usual modes; a small file that unpacks
 *  to more is refused before it is unpacked. Ours. */
const LARGEST_PIXELS = 50_000_000;
/** Longer edge of the served picture and of its thumbnail, pixels. Ours: a number plate stays readable. */
const IMAGE_EDGE = 2560;
const THUMBNAIL_EDGE = 320;
/** What decoding may take, s. Ours. */
const DECODE_TIMEOUT_S = 20;
/** WebAssembly takes longer: 50 MP 9 s on a busy core of two. */
const HEIC_BOUNDS = { pixels: LARGEST_PIXELS, edge: IMAGE_EDGE, timeoutMs: 60_000 };

// Two cores serve the whole city: one photo uses one of them.
sharp.concurrency(1);
sharp.cache(false);

/** Decodes what was sent and encodes it anew, so that only pixels are left of it: upright, in sRGB, without position,
 *  time, comments or anything hidden behind the picture. What the camera wrote is answered as data.
 *  @param utcOffset taken for a camera's time that names none, e.g. "+08:00". Throws HttpProblem 415 or 422. */
export async function readPhoto(original: Buffer, utcOffset: string): Promise<Photo> {
  const format = photoFormat(original);
  if (format === null) throw wrongType();
  try {
    const options = { limitInputPixels: LARGEST_PIXELS, failOn: "error", sequentialRead: true } as const;
    const metadata = await sharp(original, options).metadata();
    // What it says of its size is checked first; sharp reads a HEIC's boxes, but decodes no HEVC.
    if (metadata.width * metadata.height > LARGEST_PIXELS) throw new Error("too many pixels");
    const pixels = format === "heic" ? await decodeHeic(original, HEIC_BOUNDS) : original;
    const upright = sharp(pixels, options).timeout({ seconds: DECODE_TIMEOUT_S }).rotate();
    const { data: image, info } = await fit(upright, IMAGE_EDGE).toBuffer({ resolveWithObject: true });
    const thumbnail = await fit(sharp(image), THUMBNAIL_EDGE).toBuffer();
    const hashes = { sha256: sha256(image), originalSha256: sha256(original) };
    return { image, thumbnail, width: info.width, height: info.height, ...hashes, ...cameraFacts(metadata, utcOffset) };
  } catch (cause) {
    throw unreadable(cause);
  }
}

const fit = (picture: Sharp, edge: number): Sharp =>
  picture
    .resize(edge, edge, { fit: "inside", withoutEnlargement: true })
    .flatten({ background: "white" })
    .toColourspace("srgb")
    .jpeg({ quality: 82 });

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Nothing of it is believed: it is shown as what the camera says. Damaged EXIF is none. */
function cameraFacts({ exif }: Metadata, utcOffset: string): Pick<PhotoFacts, "takenAt" | "lon" | "lat"> {
  const nothing = { takenAt: null, lon: null, lat: null };
  if (!exif) return nothing;
  try {
    const { Photo: photo, GPSInfo: gps } = readExif(exif);
    const lat = degrees(gps?.GPSLatitude, gps?.GPSLatitudeRef === "S", 90);
    const lon = degrees(gps?.GPSLongitude, gps?.GPSLongitudeRef === "W", 180);
    const place = lat === null || lon === null ? { lon: null, lat: null } : { lon, lat };
    return { ...place, takenAt: timeOf(photo?.DateTimeOriginal, photo?.OffsetTimeOriginal, utcOffset) };
  } catch {
    return nothing;
  }
}

/** Degrees, minutes and seconds as EXIF 2.32 (4.6.6) has them. */
function degrees(parts: readonly number[] | undefined, negative: boolean, limit: number): number | null {
  const [d, m = 0, s = 0] = parts ?? [];
  if (d === undefined) return null;
  const value = d + m / 60 + s / 3600;
  if (!Number.isFinite(value) || value > limit) return null;
  return negative ? -value : value;
}

/** The reader answers the camera's local time as if it were UTC. */
function timeOf(local: unknown, offset: unknown, utcOffset: string): string | null {
  if (!(local instanceof Date) || Number.isNaN(local.getTime())) return null;
  const known = typeof offset === "string" && /^[+-]\d{2}:\d{2}$/.test(offset) ? offset : utcOffset;
  return `${local.toISOString().slice(0, 19)}${known}`;
}

const wrongType = (): HttpProblem =>
  new HttpProblem({
    status: 415,
    name: "unsupported-photo",
    text: { zh: "只接受 JPEG、PNG 或 HEIC 照片", en: "Only JPEG, PNG and HEIC photos are taken" },
    remedy: {
      zh: "请用页面的拍照按钮,或在手机相机设置中选“兼容性最佳”(JPEG)",
      en: "Use the page's camera button, or set the phone's camera to “most compatible” (JPEG)",
    },
  });

const unreadable = (cause: unknown): HttpProblem =>
  new HttpProblem(
    {
      status: 422,
      name: "unreadable-photo",
      field: "file",
      text: { zh: "照片损坏、像素过大或无法解码", en: "The photo is damaged, has too many pixels or can't be decoded" },
      remedy: { zh: "请重新拍摄,像素不超过五千万", en: "Take it again, with at most 50 megapixels" },
    },
    { cause },
  );
