import type { DivisionView } from "@hotgrid/contracts";
import { useMemo } from "react";
import { useLoaded } from "../api/use-loaded.ts";

type NamedDivision = Pick<DivisionView, "code" | "name" | "parent">;

export interface DivisionNode {
  readonly value: string;
  readonly label: string;
  readonly children?: DivisionNode[];
}

/** A division and what is below it, to choose from; null until it is there, the error where it could not be had. */
export function useDivisionTree(root: string): {
  readonly tree: DivisionNode[] | null;
  readonly error: unknown;
  readonly retry: () => void;
} {
  const { data, error, reload } = useLoaded<{ items: readonly DivisionView[] }>(`/divisions?within=${root}`);
  const tree = useMemo(() => (data === null ? null : divisionTree(data.items, root)), [data, root]);
  return { tree, error, retry: reload };
}

/** In the order of their codes. */
export function divisionTree(divisions: readonly NamedDivision[], root: string): DivisionNode[] {
  const below = new Map<string | null, NamedDivision[]>();
  for (const division of divisions) below.set(division.parent, [...(below.get(division.parent) ?? []), division]);
  const nodes = (of: readonly NamedDivision[]): DivisionNode[] =>
    [...of]
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .map(({ code, name }) => {
        const children = nodes(below.get(code) ?? []);
        return { value: code, label: name, ...(children.length === 0 ? {} : { children }) };
      });
  return nodes(divisions.filter(({ code }) => code === root));
}

/** The codes from the tree's root down to a division, as a cascade takes them: 330600, 330602, 330602001. */
export function pathTo(tree: readonly DivisionNode[], code: string): string[] {
  for (const { value, children = [] } of tree) {
    if (value === code) return [value];
    const rest = pathTo(children, code);
    if (rest.length > 0) return [value, ...rest];
  }
  return [];
}
