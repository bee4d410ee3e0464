import { Form, Input, Radio, Select } from "antd";
import { useText } from "../../language/language-context.tsx";
import { operatorPhrases } from "../phrases.ts";

interface ChosenFieldProps<T> {
  readonly name: string;
  readonly label: string;
  /** Said where nothing was chosen. */
  readonly missing: string;
  readonly options: readonly { readonly value: T; readonly label: string }[];
}

/** One of a list has to be chosen. */
export function ChosenField({ name, label, missing, options }: ChosenFieldProps<string>) {
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, message: missing }]}>
      <Select options={[...options]} />
    </Form.Item>
  );
}

/** Whether it is in order, in the words of who judges it. */
export function PassedField({ yes, no }: { yes: string; no: string }) {
  const text = useText(operatorPhrases);
  return (
    <Form.Item
      name="passed"
      label={text("form.passed")}
      rules={[{ required: true, message: text("form.passedRequired") }]}
    >
      <Radio.Group
        options={[
          { value: true, label: yes },
          { value: false, label: no },
        ]}
      />
    </Form.Item>
  );
}

/** The plan is asked for where it was not passed. */
export function InspectionFields() {
  const text = useText(operatorPhrases);
  const passed = Form.useWatch<boolean | undefined>("passed");
  return (
    <>
      <PassedField yes={text("form.inspectedYes")} no={text("form.inspectedNo")} />
      {passed === false ? (
        <Form.Item
          name="plan"
          label={text("form.plan")}
          rules={[{ required: true, whitespace: true, min: 10, message: text("form.planRequired") }]}
        >
          <Input.TextArea rows={3} maxLength={4000} showCount />
        </Form.Item>
      ) : null}
    </>
  );
}
