import { LANGUAGES, type Language } from "./dictionary.ts";

const KEY = "hotgrid.language";

/** The browser's storage; reading the property itself throws where a page may store nothing. */
export type StorageAccess = () => Pick<Storage, "getItem" | "setItem">;

/** Chinese unless somebody chose otherwise: a browser set to English is common on Chinese office machines. */
export function storedLanguage(storage: StorageAccess): Language {
  const stored = quietly(() => storage().getItem(KEY));
  return LANGUAGES.find((language) => language === stored) ?? "zh";
}

export function storeLanguage(storage: StorageAccess, language: Language): void {
  quietly(() => storage().setItem(KEY, language));
}

/** Where storage is forbidden (private mode, embedded view) the choice lasts for this page only. */
function quietly<T>(access: () => T): T | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}
