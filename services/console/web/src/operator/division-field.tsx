import { Alert, Form, Spin } from "antd";
import { describeError } from "../api/api-error.ts";
import { useLanguage } from "../language/language-context.tsx";
import { useConsole } from "./console-context.ts";
import { DivisionSelect } from "./division-select.tsx";
import { useDivisionTree } from "./use-division-tree.ts";

/** The field `division` of a form: one of the account's. */
export function DivisionField({ label }: { label: string }) {
  const { language } = useLanguage();
  const { session } = useConsole();
  const { tree, error } = useDivisionTree(session.account.division);
  if (error !== null) return <Alert type="error" showIcon title={describeError(error, language)} />;
  if (tree === null) return <Spin />;
  return (
    <Form.Item name="division" label={label}>
      <DivisionSelect tree={tree} label={label} />
    </Form.Item>
  );
}
