import { type Dictionary, fill, type Language, type Values } from "../language/dictionary.ts";
import { reasonPhrases } from "./reason-phrases.ts";

const PHRASES: Dictionary = reasonPhrases;
const LEVELLED = /^(shift|assignment|deputy|fallback|raised-to)-(city|county|town|village)$/;

/** Why somebody was chosen, e.g. "pollution:assignment-village-substitute", in words; a name that is not known stays as
 *  it is. */
export function routingText(reason: string, language: Language): string {
  const found = reason.slice(reason.indexOf(":") + 1);
  const say = (key: string, values?: Values) => phrase(`routing.${key}`, language, values);
  if (found.endsWith("-substitute"))
    return say("substitute", { rest: routingText(found.slice(0, -"-substitute".length), language) }) ?? reason;
  if (found.startsWith("no-vendor-"))
    return say("no-vendor", { rest: routingText(found.slice("no-vendor-".length), language) }) ?? reason;
  const [, how, level] = LEVELLED.exec(found) ?? [];
  if (how !== undefined && level !== undefined)
    return say(how, { level: phrase(`level.${level}`, language) ?? level }) ?? reason;
  return say(found) ?? reason;
}

/** The system's note of a step of a ticket, "more-stations, severity-rose" or a reason of routing, in words. */
export const noteText = (note: string, language: Language): string =>
  note
    .split(", ")
    .map((name) => phrase(`note.${name}`, language) ?? routingText(name, language))
    .join(language === "zh" ? "，" : ", ");

function phrase(key: string, language: Language, values?: Values): string | undefined {
  const found = PHRASES[key];
  return found && fill(found, language, values);
}
