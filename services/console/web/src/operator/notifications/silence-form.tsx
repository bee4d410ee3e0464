import { EPISODE_KINDS, type EpisodeKind } from "@hotgrid/contracts";
import { Alert, Button, Form, Input, Modal, Select, Space, Spin } from "antd";
import { useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { sharedPhrases } from "../../language/shared-phrases.ts";
import { useNow } from "../../time/clock-context.tsx";
import { fromLocalInput, toLocalInput } from "../../time/local-input.ts";
import { useConsole } from "../console-context.ts";
import { DivisionSelect } from "../division-select.tsx";
import { useLive } from "../live/use-live-city.ts";
import { useDivisionTree } from "../use-division-tree.ts";
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
        <DivisionField />
        <KindField />
        <StationField />
        <UntilField choose={(until) => form.setFieldValue("until", until)} />
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

function DivisionField() {
  const text = useText(notificationPhrases);
  const { language } = useLanguage();
  const { session } = useConsole();
  const { tree, error } = useDivisionTree(session.account.division);
  const failed = error === null ? {} : { validateStatus: "error" as const, help: describeError(error, language) };
  if (tree === null)
    return (
      <Form.Item label={text("silence.division")} {...failed}>
        <Spin />
      </Form.Item>
    );
  return (
    <Form.Item name="division" label={text("silence.division")}>
      <DivisionSelect tree={tree} label={text("silence.division")} />
    </Form.Item>
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

function UntilField({ choose }: { choose: (until: string) => void }) {
  const text = useText(notificationPhrases);
  const { session } = useConsole();
  const now = useNow(30_000);
  return (
    <Form.Item label={text("silence.untilLabel")} required>
      <Space wrap>
        <Form.Item name="until" noStyle rules={[{ required: true, message: text("silence.untilRequired") }]}>
          <Input type="datetime-local" aria-label={text("silence.untilLabel")} />
        </Form.Item>
        {QUICK_HOURS.map((n) => (
          <Button
            key={n}
            size="small"
            data-testid={`silence-hours-${n}`}
            onClick={() => choose(toLocalInput(now + n * HOUR_MS, session.utcOffset))}
          >
            {text("silence.hours", { n })}
          </Button>
        ))}
      </Space>
    </Form.Item>
  );
}
