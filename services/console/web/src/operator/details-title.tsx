import { useText } from "../language/language-context.tsx";
import { operatorPhrases } from "./phrases.ts";

/** Head of the column whose buttons unfold a row: said, not shown. */
export function DetailsTitle() {
  const text = useText(operatorPhrases);
  return <span className="visually-hidden">{text("list.details")}</span>;
}
