import type { BoundaryProposalView } from "@hotgrid/contracts";
import { Alert, Form, Input, Modal } from "antd";
import { useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { boundaryPhrases } from "./phrases.ts";

export type Outcome = NonNullable<BoundaryProposalView["outcome"]>;

export interface SettleFormProps {
  readonly proposal: BoundaryProposalView;
  readonly outcome: Outcome;
  readonly close: (done: boolean) => void;
}

export function SettleForm({ proposal, outcome, close }: SettleFormProps) {
  const text = useText(boundaryPhrases);
  const { language } = useLanguage();
  const [form] = Form.useForm<{ note: string }>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = ({ note }: { note: string }) => {
    setBusy(true);
    setError(null);
    const path = `/boundary-proposals/${encodeURIComponent(proposal.id)}/settle`;
    call(path, { method: "POST", body: { outcome, note: note.trim() } })
      .then(() => close(true), setError)
      .finally(() => setBusy(false));
  };
  const label = text(outcome === "accepted" ? "boundary.accept" : "boundary.refuse");
  return (
    <Modal
      open
      title={label}
      okText={label}
      okButtonProps={{ loading: busy, ...{ "data-testid": "settle-submit" } }}
      onOk={() => form.submit()}
      onCancel={() => close(false)}
    >
      <Form form={form} layout="vertical" data-testid="settle-form" onFinish={submit}>
        <Form.Item
          name="note"
          label={text("boundary.note")}
          rules={[{ required: true, whitespace: true, min: 2, message: text("boundary.noteRequired") }]}
        >
          <Input.TextArea rows={3} maxLength={500} showCount autoFocus />
        </Form.Item>
      </Form>
      {error === null ? null : <Alert type="error" showIcon title={describeError(error, language)} />}
    </Modal>
  );
}
