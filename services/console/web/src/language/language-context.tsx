import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { type Dictionary, fill, type Language, type Phrase, type Values } from "./dictionary.ts";
import { storedLanguage, storeLanguage } from "./language-choice.ts";

interface LanguageValue {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const storage = () => globalThis.localStorage;

const LanguageContext = createContext<LanguageValue | null>(null);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() => storedLanguage(storage));
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  const value = useMemo(
    () => ({
      language,
      setLanguage: (next: Language) => {
        storeLanguage(storage, next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <LanguageContext.Provider value={value}>{children}</LanguageContext.Provider>;
}

export function useLanguage(): LanguageValue {
  const value = useContext(LanguageContext);
  if (value === null) throw new Error("useLanguage outside LanguageProvider");
  return value;
}

export type Text<D extends Dictionary> = (key: keyof D & string, values?: Values) => string;

/** The function that gives a phrase of `dictionary` in the language chosen. */
export function useText<D extends Dictionary>(dictionary: D): Text<D> {
  const { language } = useLanguage();
  return useMemo(() => (key, values) => fill(dictionary[key] as Phrase, language, values), [dictionary, language]);
}
