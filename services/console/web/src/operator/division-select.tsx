import { Cascader } from "antd";
import { type DivisionNode, pathTo } from "./use-division-tree.ts";

export interface DivisionSelectProps {
  readonly tree: DivisionNode[];
  /** Code; a form sets value and onChange. */
  readonly value?: string;
  readonly onChange?: (code: string) => void;
  readonly label: string;
  readonly id?: string;
}

/** Any level may be chosen, by clicking down or by typing a name. */
export function DivisionSelect({ tree, value, onChange, label, id }: DivisionSelectProps) {
  return (
    <Cascader<DivisionNode>
      {...(id === undefined ? {} : { id })}
      className="division-select"
      aria-label={label}
      options={tree}
      value={value === undefined ? [] : pathTo(tree, value)}
      onChange={(path) => {
        const code = path?.at(-1);
        if (code !== undefined) onChange?.(String(code));
      }}
      changeOnSelect
      allowClear={false}
      showSearch
      displayRender={(labels) => labels.join(" ")}
    />
  );
}
