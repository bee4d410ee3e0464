export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What people read, in every language of the console. `{name}` is replaced by the value of that name. */
export type Phrase = Readonly<Record<Language, string>>;
export type Dictionary = Readonly<Record<string, Phrase>>;
export type Values = Readonly<Record<string, string | number>>;

const PLACEHOLDER = /\{(\w+)\}/g;

/** A value that is not given stays visible as its placeholder, so that the mistake is seen. */
export const fill = (phrase: Phrase, language: Language, values: Values = {}): string =>
  phrase[language].replace(PLACEHOLDER, (whole, name: string) => String(values[name] ?? whole));

export const placeholders = (text: string): string[] => [...text.matchAll(PLACEHOLDER)].map(([whole]) => whole).sort();
