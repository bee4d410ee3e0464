import type { AuditRecord } from "@hotgrid/contracts";
import { type Dictionary, fill, type Language } from "../../language/dictionary.ts";
import { auditPhrases } from "./phrases.ts";

const PHRASES: Dictionary = auditPhrases;

/** What a record tells of, in words; one that has none yet stays as it is. */
export function subjectText(subject: AuditRecord["subject"], language: Language): string {
  const phrase = PHRASES[`subject.${subject}`];
  return phrase === undefined ? subject : fill(phrase, language);
}
