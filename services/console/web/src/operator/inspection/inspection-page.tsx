import { useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { DrawList } from "./draw-list.tsx";
import { GrantList } from "./grant-list.tsx";
import { InspectionTickets } from "./inspection-tickets.tsx";
import { inspectionPhrases } from "./phrases.ts";

/** For inspectors their list; for those who let them in the grants, too. */
export default function InspectionPage() {
  const text = useText(inspectionPhrases);
  const { session } = useConsole();
  return (
    <section className="list-page" aria-label={text("inspection.title")} data-testid="inspection-page">
      <h2>{text("inspection.title")}</h2>
      <p className="hint">{text("inspection.hint")}</p>
      <InspectionTickets />
      {session.account.role === "inspector" ? null : <GrantList />}
      <DrawList />
    </section>
  );
}
