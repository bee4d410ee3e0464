import { EPISODE_KINDS, type EpisodeKind } from "@hotgrid/contracts";
import { Alert, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { sharedPhrases } from "../../language/shared-phrases.ts";
import { fromLocalInput } from "../../time/local-input.ts";
import { useConsole } from "../console-context.ts";
import { DivisionField } from "../division-field.tsx";
import { useLive } from "../live/use-live-city.ts";
import { UntilField } from "../until-field.tsx";
import { notificationPhrases } from "./phrases.ts";

interface SilenceInput {
  readonly division: string;
  readonly kind: EpisodeKind | "";
  readonly stationId: string;
  /** Of an input of type datetime-local. */
  readonly until: string;
  readonly reason: string;
}

const HOUR_MS = 3_600_000;
const QUICK_HOURS = [2, 8, 24] as const;

export function SilenceForm({ close }: { close: (done: boolean) => void }) {
  const text = useText(notificationPhrases);
  const { language } = useLanguage();
  const { session } = useConsole();
  const [form] = Form.useForm<SilenceInput>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = ({ division, kind, stationId, until, reason }: SilenceInput) => {
    setBusy(true);
    setError(null);
    const body = {
      ...{ division, reason: reason.trim(), until: fromLocalInput(until, session.utcOffset) },
      ...{ kind: kind === "" ? null : kind, stationId: stationId === "" ? null : stationId },
    };
    call("/silences", { method: "POST", body })
      .then(() => close(true), setError)
      .finally(() => setBusy(false));
  };
  return (
    <Modal
      open
      title={text("silence.add")}
      okText={text("silence.add")}
      okButtonProps={{ loading: busy, ...{ "data-testid": "silence-submit" } }}
      onOk={() => form.submit()}
      onCancel={() => close(false)}
    >
      <Form<SilenceInput>
        form={form}
        layout="vertical"
        data-testid="silence-form"
        initialValues={{ division: session.account.division, kind: "", stationId: "", until: "", reason: "" }}
        onFinish={submit}
      >
        <DivisionField label={text("silence.division")} />
        <KindField />
        <StationField />
        <UntilField
          label={text("silence.untilLabel")}
          missing={text("silence.untilRequired")}
          quick={QUICK_HOURS.map((n) => ({ ms: n * HOUR_MS, label: text("silence.hours", { n }) }))}
        />
        <Form.Item
          name="reason"
          label={text("silence.reason")}
          rules={[{ required: true, whitespace: true, min: 2, message: text("silence.reasonRequired") }]}
        >
          <Input.TextArea rows={2} maxLength={500} showCount />
        </Form.Item>
      </Form>
      {error === null ? null : <Alert type="error" showIcon title={describeError(error, language)} />}
    </Modal>
  );
}

function KindField() {
  const text = useText(notificationPhrases);
  const words = useText(sharedPhrases);
  const kinds = EPISODE_KINDS.map((kind) => ({ value: kind, label: words(`kind.${kind}`) }));
  return (
    <Form.Item name="kind" label={text("silence.kind")}>
      <Select options={[{ value: "", label: text("silence.anyKind") }, ...kinds]} />
    </Form.Item>
  );
}

/** Those of the division that is chosen. */
function StationField() {
  const text = useText(notificationPhrases);
  const stations = useLive((state) => state.stations);
  const division = Form.useWatch<string | undefined>("division") ?? "";
  const prefix = division.replace(/^(\d{4})00$/, "$1");
  const options = [...stations.values()]
    .filter((station) => station.division.startsWith(prefix))
    .map(({ id, name }) => ({ value: id, label: `${name} ${id}` }));
  return (
    <Form.Item name="stationId" label={text("silence.station")}>
      <Select
        showSearch={{ optionFilterProp: "label" }}
        options={[{ value: "", label: text("silence.anyStation") }, ...options]}
      />
    </Form.Item>
  );
}
