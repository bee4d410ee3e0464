/** What the bytes say that a file is, whatever its name or header claims. */
export function photoFormat(bytes: Uint8Array): "jpeg" | "png" | "heic" | null {
  if (startsWith(bytes, 0, JPEG)) return "jpeg";
  if (startsWith(bytes, 0, PNG)) return "png";
  return HEIC_BRANDS.some((brand) => startsWith(bytes, 4, ascii(`ftyp${brand}`))) ? "heic" : null;
}

const ascii = (text: string): readonly number[] => [...text].map((char) => char.charCodeAt(0));
const startsWith = (bytes: Uint8Array, at: number, magic: readonly number[]): boolean =>
  magic.every((byte, i) => bytes[at + i] === byte);

/** ITU-T T.81, B.1.1.3: SOI and the first marker. */
const JPEG = [0xff, 0xd8, 0xff];
/** PNG specification, 5.2. */
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** ISO/IEC 23008-12, annex B. */
const HEIC_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"];
