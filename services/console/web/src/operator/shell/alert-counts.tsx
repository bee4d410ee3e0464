import { useText } from "../../language/language-context.tsx";
import { isOverdue } from "../../tickets/ticket-clock.ts";
import { useNow } from "../../time/clock-context.tsx";
import { useTitleCount } from "../../use-title-count.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";

export function AlertCounts() {
  const text = useText(operatorPhrases);
  const now = useNow(1000);
  const stations = useLive((state) => state.stations);
  const episodes = useLive((state) => state.episodes);
  const tickets = useLive((state) => state.tickets);
  const firing = count(episodes.values(), ({ status, kind }) => status === "firing" && kind === "local");
  const open = count(tickets.values(), ({ state }) => state !== "closed");
  const overdue = count(tickets.values(), (ticket) => isOverdue(ticket, now));
  useTitleCount(overdue);
  const offline = count(stations.values(), ({ online }) => !online);
  return (
    <dl className="counts" data-testid="alert-counts">
      <Count name="firing" label={text("count.firing")} value={firing} />
      <Count name="open" label={text("count.open")} value={open} />
      <Count name="overdue" label={text("count.overdue")} value={overdue} />
      <Count name="offline" label={text("count.offline")} value={offline} />
    </dl>
  );
}

function count<T>(items: Iterable<T>, counts: (item: T) => boolean): number {
  let sum = 0;
  for (const item of items) if (counts(item)) sum += 1;
  return sum;
}

function Count({ name, label, value }: { name: string; label: string; value: number }) {
  return (
    <div className={`count count-${name} ${value > 0 ? "count-some" : ""}`}>
      <dt>{label}</dt>
      <dd data-testid={`count-${name}`}>{value}</dd>
    </div>
  );
}
