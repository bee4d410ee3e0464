import type { InspectorView } from "@hotgrid/contracts";
import { Alert, Form, Modal } from "antd";
import { useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { fromLocalInput } from "../../time/local-input.ts";
import { useConsole } from "../console-context.ts";
import { DivisionField } from "../division-field.tsx";
import { UntilField } from "../until-field.tsx";
import { inspectionPhrases } from "./phrases.ts";

interface GrantInput {
  readonly division: string;
  /** Of an input of type datetime-local. */
  readonly until: string;
}

export interface GrantFormProps {
  readonly inspector: InspectorView;
  readonly close: (done: boolean) => void;
}

const DAY_MS = 86_400_000;
const QUICK_DAYS = [7, 30, 90] as const;

export function GrantForm({ inspector, close }: GrantFormProps) {
  const text = useText(inspectionPhrases);
  const { language } = useLanguage();
  const { session } = useConsole();
  const [form] = Form.useForm<GrantInput>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = ({ division, until }: GrantInput) => {
    setBusy(true);
    setError(null);
    const body = { division, until: fromLocalInput(until, session.utcOffset) };
    call(`/inspectors/${encodeURIComponent(inspector.id)}/grant`, { method: "PUT", body })
      .then(() => close(true), setError)
      .finally(() => setBusy(false));
  };
  return (
    <Modal
      open
      title={`${text("grant.give")} · ${inspector.name}`}
      okText={text("grant.give")}
      okButtonProps={{ loading: busy, ...{ "data-testid": "grant-submit" } }}
      onOk={() => form.submit()}
      onCancel={() => close(false)}
    >
      <Form<GrantInput>
        form={form}
        layout="vertical"
        data-testid="grant-form"
        initialValues={{ division: inspector.grant?.division ?? session.account.division, until: "" }}
        onFinish={submit}
      >
        <DivisionField label={text("grant.division")} />
        <UntilField
          label={text("grant.untilLabel")}
          missing={text("grant.untilRequired")}
          quick={QUICK_DAYS.map((n) => ({ ms: n * DAY_MS, label: text("grant.days", { n }) }))}
        />
      </Form>
      {error === null ? null : <Alert type="error" showIcon title={describeError(error, language)} />}
    </Modal>
  );
}
