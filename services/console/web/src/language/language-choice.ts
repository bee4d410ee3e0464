import { LANGUAGES, type Language } from "./dictionary.ts";

const KEY = "hotgrid.language";

export const isLanguage = (value: unknown): value is Language => LANGUAGES.some((language) => language === value);

/** Chinese unless somebody chose otherwise: a browser set to English is common on Chinese office machines. */
export function storedLanguage(storage: Pick<Storage, "getItem"> | undefined): Language {
  const stored = readQuietly(() => storage?.getItem(KEY));
  return isLanguage(stored) ? stored : "zh";
}

export function storeLanguage(storage: Pick<Storage, "setItem"> | undefined, language: Language): void {
  readQuietly(() => storage?.setItem(KEY, language));
}

/** A browser that forbids storage (private mode, embedded view) throws: the choice then lasts for this page only. */
function readQuietly<T>(access: () => T): T | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}
