import type { TicketView } from "@hotgrid/contracts";
import { Descriptions, Tag } from "antd";
import { type Text, useLanguage, useText } from "../../language/language-context.tsx";
import { routingText } from "../../tickets/reason-text.ts";
import type { ObligationView } from "../../tickets/ticket-clock.ts";
import { useNow } from "../../time/clock-context.tsx";
import { countdown } from "../../time/spans.ts";
import { useConsole } from "../console-context.ts";
import { inspectionPhrases } from "../inspection/phrases.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import type { Navigation } from "../use-route.ts";

export function TicketFacts({ ticket }: { ticket: TicketView }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { time, navigation } = useConsole();
  const stations = useLive((state) => state.stations);
  const items = [
    { key: "place", label: text("episode.place"), children: ticket.divisionNames.join(" ") },
    {
      key: "officer",
      label: text("ticket.officer"),
      children: (
        <span data-testid="ticket-officer" data-officer-id={ticket.officerId}>
          {ticket.officerName} <a href={`tel:${ticket.officerPhone}`}>{ticket.officerPhone}</a>
        </span>
      ),
    },
    { key: "why", label: text("ticket.why"), children: routingText(ticket.routingReason, language) },
    { key: "opened", label: text("ticket.opened"), children: time.full(Date.parse(ticket.openedAt)) },
    {
      key: "stations",
      label: text("episode.stations"),
      children: (
        <span className="links">
          {ticket.stationIds.map((id) => (
            <button key={id} type="button" className="link" onClick={() => navigation.open("station", id)}>
              {stations.get(id)?.name ?? id}
            </button>
          ))}
        </span>
      ),
    },
    ...(ticket.cause === undefined
      ? []
      : [{ key: "cause", label: text("ticket.cause"), children: text(`cause.${ticket.cause}`) }]),
    ...(ticket.falseAlarm
      ? [{ key: "false-alarm", label: text("ticket.falseAlarm"), children: text(`falseAlarm.${ticket.falseAlarm}`) }]
      : []),
    ...(ticket.inspection
      ? [
          {
            key: "inspection",
            label: text("ticket.inspection"),
            children: <InspectionFact inspection={ticket.inspection} />,
          },
        ]
      : []),
    ...otherRecords(ticket, text, navigation),
    ...(ticket.recoveredAt === null
      ? []
      : [{ key: "recovered", label: text("ticket.recovered"), children: time.full(Date.parse(ticket.recoveredAt)) }]),
    ...(ticket.recovery === null
      ? []
      : [{ key: "recovery", label: text("ticket.recovery"), children: text(`recovery.${ticket.recovery}`) }]),
    { key: "clocks", label: text("ticket.clocks"), children: <Clocks obligations={ticket.obligations} /> },
  ];
  return <Descriptions size="small" column={1} items={items} />;
}

/** Its state, and of a failed one what has to be done. */
function InspectionFact({ inspection }: { inspection: NonNullable<TicketView["inspection"]> }) {
  const text = useText(inspectionPhrases);
  const { state, reason, note, plan, byName } = inspection;
  return (
    <span data-testid="ticket-inspection" data-state={state}>
      <Tag color={INSPECTION_COLOURS[state]}>{text(`inspection.state.${state}`)}</Tag>
      {text(`inspection.reason.${reason}`)}
      {note === null ? null : (
        <div>
          {byName} <q>{note}</q>
        </div>
      )}
      {plan === null ? null : <div>{text("inspection.plan", { plan })}</div>}
    </span>
  );
}

const INSPECTION_COLOURS = { pending: "blue", passed: "green", failed: "red", lapsed: "default" } as const;

/** The ticket that goes on with this one's episodes, and the episode of interference. */
function otherRecords(ticket: TicketView, text: Text<typeof operatorPhrases>, { open }: Navigation) {
  const link = (drawer: "ticket" | "episode", id: string) => (
    <button type="button" className="link" onClick={() => open(drawer, id)}>
      {id}
    </button>
  );
  const { interferenceEpisodeId, mergedInto, splitFrom } = ticket;
  return [
    ...(splitFrom === undefined
      ? []
      : [{ key: "split", label: text("ticket.splitFrom"), children: link("ticket", splitFrom) }]),
    ...(mergedInto === undefined
      ? []
      : [{ key: "merged", label: text("ticket.mergedInto"), children: link("ticket", mergedInto) }]),
    ...(interferenceEpisodeId
      ? [
          {
            key: "interference",
            label: text("ticket.interference"),
            children: link("episode", interferenceEpisodeId),
          },
        ]
      : []),
  ];
}

function Clocks({ obligations }: { obligations: readonly ObligationView[] }) {
  const text = useText(operatorPhrases);
  const { time } = useConsole();
  return (
    <ul className="clocks">
      {[...obligations].sort(byDue).map((obligation) => (
        <li key={`${obligation.kind} ${obligation.dueAt}`}>
          {text(`obligation.${obligation.kind}`)} {time.short(Date.parse(obligation.dueAt))}{" "}
          <ClockTag obligation={obligation} />
        </li>
      ))}
    </ul>
  );
}

const byDue = (a: ObligationView, b: ObligationView) => Date.parse(a.dueAt) - Date.parse(b.dueAt);

function ClockTag({ obligation }: { obligation: ObligationView }) {
  const text = useText(operatorPhrases);
  const now = useNow(500);
  if (obligation.state !== "running")
    return <Tag color={obligation.state === "breached" ? "red" : "default"}>{text(`clock.${obligation.state}`)}</Tag>;
  const { overdue, soon, label } = countdown(Date.parse(obligation.dueAt), now, text);
  return <Tag color={overdue ? "red" : soon ? "orange" : "blue"}>{label}</Tag>;
}
