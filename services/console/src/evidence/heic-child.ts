import { buffer } from "node:stream/consumers";
import libheif from "libheif-js/wasm-bundle.js";
import sharp from "sharp";

/** A process of its own: a HEIC on standard input, a PNG of its primary picture on standard output, upright and within an
 *  edge. Exit code 1 where it can't be. Arguments: most pixels, longest edge. */
const [mostPixels, edge] = process.argv.slice(2).map(Number);
if (mostPixels === undefined || edge === undefined) throw new Error("two arguments: most pixels, longest edge");

const images = new libheif.HeifDecoder().decode(await buffer(process.stdin));
const image = images.find((one) => one.is_primary()) ?? images[0];
if (image === undefined) throw new Error("no picture in the file");
const [width, height] = [image.get_width(), image.get_height()];
if (width * height > mostPixels) throw new Error(`${width} x ${height} pixels are too many`);

const empty = { data: new Uint8ClampedArray(width * height * 4), width, height };
const filled = await new Promise<{ data: Uint8ClampedArray } | null>((done) => image.display(empty, done));
if (filled === null) throw new Error("the picture can't be decoded");

sharp.concurrency(1);
const png = await sharp(filled.data, { raw: { width, height, channels: 4 } })
  .resize(edge, edge, { fit: "inside", withoutEnlargement: true })
  .png({ compressionLevel: 1 })
  .toBuffer();
await new Promise<void>((done) => process.stdout.write(png, () => done()));
