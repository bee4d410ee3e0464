import type { OfficerView, TicketView } from "@hotgrid/contracts";
import { Form, Select } from "antd";
import { describeError } from "../../api/api-error.ts";
import { useLoaded } from "../../api/use-loaded.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";

const COUNTY_DIGITS = 6;

/** Departments first, then the people of the county (of a town's supervisor: the town): a city's thousand names would
 *  help nobody choose. */
export function OfficerField({ ticket }: { ticket: TicketView }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { division: own } = useConsole().session.account;
  const division = own.length > COUNTY_DIGITS ? own : ticket.division.slice(0, COUNTY_DIGITS);
  const { data, error, busy } = useLoaded<{ items: readonly OfficerView[] }>(`/officers?division=${division}`);
  const others = (data?.items ?? []).filter(({ id }) => id !== ticket.officerId);
  const optionsOf = (officers: readonly OfficerView[]) =>
    officers.map((officer) => ({
      key: `${officer.id} ${officer.division}`,
      value: officer.id,
      label: `${officer.name} ${officer.divisionName}`,
    }));
  return (
    <Form.Item
      name="officerId"
      label={text("form.officer")}
      rules={[{ required: true, message: text("form.officerRequired") }]}
      {...(error === null ? {} : { validateStatus: "error" as const, help: describeError(error, language) })}
    >
      <Select
        showSearch={{ optionFilterProp: "label" }}
        loading={busy}
        options={[
          { label: text("form.departments"), options: optionsOf(others.filter(({ role }) => role === "department")) },
          { label: text("form.people"), options: optionsOf(others.filter(({ role }) => role !== "department")) },
        ].filter(({ options }) => options.length > 0)}
      />
    </Form.Item>
  );
}

/** Other open tickets of the county, the same town first. */
export function IntoField({ ticket }: { ticket: TicketView }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const tickets = useLive((state) => state.tickets);
  const town = ticket.division.slice(0, 9);
  const others = [...tickets.values()]
    .filter(
      ({ id, state, division }) =>
        id !== ticket.id && state !== "closed" && division.startsWith(ticket.division.slice(0, 6)),
    )
    .sort((a, b) => Number(b.division.startsWith(town)) - Number(a.division.startsWith(town)));
  return (
    <Form.Item name="into" label={text("form.into")} rules={[{ required: true, message: text("form.intoRequired") }]}>
      <Select
        showSearch={{ optionFilterProp: "label" }}
        options={others.map(({ id, title }) => ({ value: id, label: `${id} ${title[language]}` }))}
      />
    </Form.Item>
  );
}

/** Those of the ticket; one has to stay. */
export function StationsField({ ticket }: { ticket: TicketView }) {
  const text = useText(operatorPhrases);
  const stations = useLive((state) => state.stations);
  const rule = {
    required: true,
    type: "array" as const,
    min: 1,
    max: ticket.stationIds.length - 1,
    message: text("form.stationsRequired"),
  };
  return (
    <Form.Item name="stationIds" label={text("form.stations")} rules={[rule]}>
      <Select
        mode="multiple"
        showSearch={{ optionFilterProp: "label" }}
        options={ticket.stationIds.map((id) => ({ value: id, label: `${stations.get(id)?.name ?? ""} ${id}` }))}
      />
    </Form.Item>
  );
}
