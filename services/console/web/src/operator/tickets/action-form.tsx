import { FalseAlarmReason, FeedbackCause, type TicketAction, type TicketView } from "@hotgrid/contracts";
import { Alert, Form, Input, Modal } from "antd";
import { describeError } from "../../api/api-error.ts";
import { type Text, useLanguage, useText } from "../../language/language-context.tsx";
import { TicketPhotos } from "../../tickets/ticket-photos.tsx";
import type { TicketActionControl } from "../../tickets/use-ticket-action.ts";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";
import { UntilField } from "../until-field.tsx";
import { ACTION_FIELDS, type ActionInput, actionBody } from "./action-fields.ts";
import { IntoField, OfficerField, StationsField } from "./choice-fields.tsx";
import { ChosenField, InspectionFields, PassedField } from "./verdict-fields.tsx";

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
      okButtonProps={{
        loading: busy !== null,
        danger: action === "false-alarm",
        ...{ "data-testid": "action-submit" },
      }}
      onOk={() => form.submit()}
      onCancel={() => close(false)}
    >
      <p className="hint consequence">{text(`consequence.${action}`)}</p>
      <Form<ActionInput>
        form={form}
        layout="vertical"
        data-testid="action-form"
        onFinish={(input) => void submit(input)}
      >
        {extra === "cause" ? <ChosenField {...causes(text)} /> : null}
        {extra === "falseAlarm" ? <ChosenField {...falseAlarms(text)} /> : null}
        {extra === "passed" ? <PassedField yes={text("form.passedYes")} no={text("form.passedNo")} /> : null}
        {extra === "inspection" ? <InspectionFields /> : null}
        {extra === "officer" ? <OfficerField ticket={ticket} /> : null}
        {extra === "until" ? <SuspensionField /> : null}
        {extra === "stations" ? <StationsField ticket={ticket} /> : null}
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
      {action === "feedback" ? <TicketPhotos ticket={ticket} /> : null}
      {failure === null ? null : <Alert type="error" showIcon title={describeError(failure.error, language)} />}
    </Modal>
  );
}

type Words = Text<typeof operatorPhrases>;

const causes = (text: Words) => ({
  ...{ name: "cause", label: text("form.cause"), missing: text("form.causeRequired") },
  options: FeedbackCause.options.map((value) => ({ value, label: text(`cause.${value}`) })),
});

const falseAlarms = (text: Words) => ({
  ...{ name: "reason", label: text("form.falseAlarm"), missing: text("form.falseAlarmRequired") },
  options: FalseAlarmReason.options.map((value) => ({ value, label: text(`falseAlarm.${value}`) })),
});

const DAY_MS = 86_400_000;
const QUICK_DAYS = [1, 7, 30] as const;

function SuspensionField() {
  const text = useText(operatorPhrases);
  const quick = QUICK_DAYS.map((n) => ({ ms: n * DAY_MS, label: text("form.days", { n }) }));
  return <UntilField label={text("form.until")} missing={text("form.untilRequired")} quick={quick} />;
}
