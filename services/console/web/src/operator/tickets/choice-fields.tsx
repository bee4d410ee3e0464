import type { OfficerView, TicketView } from "@hotgrid/contracts";
import { Form, Select } from "antd";
import { describeError } from "../../api/api-error.ts";
import { useLoaded } from "../../api/use-loaded.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";

/** Those of the county: a city's thousand names would help nobody choose. */
export function OfficerField({ ticket }: { ticket: TicketView }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { data, error, busy } = useLoaded<{ items: readonly OfficerView[] }>(
    `/officers?division=${ticket.division.slice(0, 6)}`,
  );
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
        options={(data?.items ?? [])
          .filter(({ id }) => id !== ticket.officerId)
          .map(({ id, name, divisionName, division }) => ({
            key: `${id} ${division}`,
            value: id,
            label: `${name} ${divisionName}`,
          }))}
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
  const rule = {
    required: true,
    type: "array" as const,
    min: 1,
    max: ticket.stationIds.length - 1,
    message: text("form.stationsRequired"),
  };
  return (
    <Form.Item name="stationIds" label={text("form.stations")} rules={[rule]}>
      <Select mode="multiple" options={ticket.stationIds.map((id) => ({ value: id, label: id }))} />
    </Form.Item>
  );
}
