import {
  FalseAlarmReason,
  FeedbackCause,
  type OfficerView,
  type TicketAction,
  type TicketView,
} from "@hotgrid/contracts";
import { Alert, Form, Input, Modal, Radio, Select } from "antd";
import { useEffect, useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import type { TicketActionControl } from "../../tickets/use-ticket-action.ts";
import { useConsole } from "../console-context.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import { ACTION_FIELDS, type ActionInput, actionBody } from "./action-fields.ts";

export interface ActionFormProps {
  readonly ticket: TicketView;
  readonly action: TicketAction;
  readonly control: TicketActionControl;
  readonly close: (done: boolean) => void;
}

const NOTE_LIMIT = 2000;

export function ActionForm({ ticket, action, control, close }: ActionFormProps) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { session } = useConsole();
  const [form] = Form.useForm<ActionInput>();
  const { note, extra } = ACTION_FIELDS[action];
  const { failure, retry, busy } = control;

  const submit = async (input: ActionInput) => {
    const done = await (retry === null ? control.run(action, actionBody(action, input, session.utcOffset)) : retry());
    if (done) close(true);
  };
  return (
    <Modal
      open
      title={text(`action.${action}`)}
      okText={text(retry === null ? `action.${action}` : "retry")}
      okButtonProps={{ loading: busy !== null, ...{ "data-testid": "action-submit" } }}
      onOk={() => form.submit()}
      onCancel={() => close(false)}
    >
      <Form<ActionInput>
        form={form}
        layout="vertical"
        data-testid="action-form"
        onFinish={(input) => void submit(input)}
      >
        {extra === "cause" ? <CauseField /> : null}
        {extra === "falseAlarm" ? <FalseAlarmField /> : null}
        {extra === "passed" ? <PassedField /> : null}
        {extra === "officer" ? <OfficerField ticket={ticket} /> : null}
        {extra === "until" ? <UntilField /> : null}
        {extra === "into" ? <IntoField ticket={ticket} /> : null}
        <Form.Item
          name="note"
          label={text("form.note")}
          rules={
            note === "required"
              ? [{ required: true, whitespace: true, min: 2, message: text("form.noteRequired") }]
              : []
          }
        >
          <Input.TextArea rows={3} maxLength={NOTE_LIMIT} showCount />
        </Form.Item>
      </Form>
      {failure === null ? null : <Alert type="error" showIcon title={describeError(failure.error, language)} />}
    </Modal>
  );
}

function CauseField() {
  const text = useText(operatorPhrases);
  return (
    <Form.Item
      name="cause"
      label={text("form.cause")}
      rules={[{ required: true, message: text("form.causeRequired") }]}
    >
      <Select options={FeedbackCause.options.map((value) => ({ value, label: text(`cause.${value}`) }))} />
    </Form.Item>
  );
}

function FalseAlarmField() {
  const text = useText(operatorPhrases);
  return (
    <Form.Item
      name="reason"
      label={text("form.falseAlarm")}
      rules={[{ required: true, message: text("form.falseAlarmRequired") }]}
    >
      <Select options={FalseAlarmReason.options.map((value) => ({ value, label: text(`falseAlarm.${value}`) }))} />
    </Form.Item>
  );
}

function PassedField() {
  const text = useText(operatorPhrases);
  return (
    <Form.Item
      name="passed"
      label={text("form.passed")}
      rules={[{ required: true, message: text("form.passedRequired") }]}
    >
      <Radio.Group
        options={[
          { value: true, label: text("form.passedYes") },
          { value: false, label: text("form.passedNo") },
        ]}
      />
    </Form.Item>
  );
}

function UntilField() {
  const text = useText(operatorPhrases);
  return (
    <Form.Item
      name="until"
      label={text("form.until")}
      rules={[{ required: true, message: text("form.untilRequired") }]}
    >
      <Input type="datetime-local" />
    </Form.Item>
  );
}

/** Those of the county: a city's thousand names would help nobody choose. */
function OfficerField({ ticket }: { ticket: TicketView }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const [officers, setOfficers] = useState<readonly OfficerView[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const county = ticket.division.slice(0, 6);
  useEffect(() => {
    const abort = new AbortController();
    call<{ items: readonly OfficerView[] }>(`/officers?division=${county}`, { signal: abort.signal }).then(
      ({ items }) => setOfficers(items),
      (reason: unknown) => {
        if (!abort.signal.aborted) setError(reason);
      },
    );
    return () => abort.abort();
  }, [county]);
  return (
    <Form.Item
      name="officerId"
      label={text("form.officer")}
      rules={[{ required: true, message: text("form.officerRequired") }]}
      {...(error === null ? {} : { validateStatus: "error" as const, help: describeError(error, language) })}
    >
      <Select
        showSearch={{ optionFilterProp: "label" }}
        loading={officers === null && error === null}
        options={(officers ?? [])
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
function IntoField({ ticket }: { ticket: TicketView }) {
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
