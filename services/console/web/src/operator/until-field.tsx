import { Button, Form, Input, Space } from "antd";
import { useNow } from "../time/clock-context.tsx";
import { toLocalInput } from "../time/local-input.ts";
import { useConsole } from "./console-context.ts";

export interface UntilFieldProps {
  readonly label: string;
  /** Said where it is left empty. */
  readonly missing: string;
  /** Spans that are often meant: ms and what their button says. */
  readonly quick: readonly { readonly ms: number; readonly label: string }[];
}

/** The field `until` of a form: a local time of the city, by hand or as a span from now. */
export function UntilField({ label, missing, quick }: UntilFieldProps) {
  const form = Form.useFormInstance<{ until: string }>();
  const { session } = useConsole();
  const now = useNow(30_000);
  return (
    <Form.Item label={label} required>
      <Space wrap>
        <Form.Item name="until" noStyle rules={[{ required: true, message: missing }]}>
          <Input type="datetime-local" aria-label={label} />
        </Form.Item>
        {quick.map((span) => (
          <Button
            key={span.ms}
            size="small"
            data-testid="until-quick"
            data-ms={span.ms}
            onClick={() => form.setFieldValue("until", toLocalInput(now + span.ms, session.utcOffset))}
          >
            {span.label}
          </Button>
        ))}
      </Space>
    </Form.Item>
  );
}
