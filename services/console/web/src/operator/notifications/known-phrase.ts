import { type Dictionary, fill, type Language } from "../../language/dictionary.ts";
import { notificationPhrases } from "./phrases.ts";

const PHRASES: Dictionary = notificationPhrases;

/** The notifier's name of a step, "opened", in words; one that is not known stays as it is. */
export const stepText = (step: string, language: Language): string => {
  const phrase = PHRASES[`step.${step}`];
  return phrase === undefined ? step : fill(phrase, language);
};

/** Why something was not told yet, or never: "quiet-hours", "silenced 1a2b3c4d". */
export function whyText(reason: string, language: Language): string {
  const [name = "", id = ""] = reason.split(" ", 2);
  const phrase = PHRASES[`why.${name.replace(/:$/, "")}`];
  return phrase === undefined ? reason : fill(phrase, language, { id });
}
