import type { AuditRecord } from "@hotgrid/contracts";
import { type Dictionary, fill, type Language } from "../../language/dictionary.ts";
import { sharedPhrases } from "../../language/shared-phrases.ts";
import { deedPhrases } from "./deed-phrases.ts";

const STEPS: Dictionary = sharedPhrases;
const DEEDS: Dictionary = deedPhrases;

/** What was done, in words; a name that has none yet stays as it is. */
export function deedText({ subject, action }: Pick<AuditRecord, "subject" | "action">, language: Language): string {
  const phrase = subject === "ticket" ? STEPS[`action.${action}`] : DEEDS[action];
  return phrase === undefined ? action : fill(phrase, language);
}
