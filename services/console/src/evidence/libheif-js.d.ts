/** As far as it is used here: the package brings no types for its decoder. */
declare module "libheif-js/wasm-bundle.js" {
  interface HeifImage {
    /** Pixels, upright. */
    get_width(): number;
    get_height(): number;
    is_primary(): boolean;
    /** Fills `data` with RGBA and answers it, or null where it can't be decoded. */
    display(
      into: { data: Uint8ClampedArray; width: number; height: number },
      done: (filled: { data: Uint8ClampedArray } | null) => void,
    ): void;
  }
  const libheif: { readonly HeifDecoder: new () => { decode(file: Uint8Array): HeifImage[] } };
  export default libheif;
}
