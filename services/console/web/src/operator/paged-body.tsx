import { Button } from "antd";
import type { ReactNode } from "react";
import type { PagedList } from "../api/use-pages.ts";
import { useText } from "../language/language-context.tsx";
import { operatorPhrases } from "./phrases.ts";
import { Failure } from "./shell/failure.tsx";

/** What there is of a list, or why there is none, and the way to what follows. */
export function PagedBody<T>({ list, children }: { list: PagedList<T>; children: ReactNode }) {
  const text = useText(operatorPhrases);
  const { error, busy, more, reload } = list;
  if (error !== null) return <Failure error={error} retry={reload} />;
  return (
    <>
      {children}
      {more === null ? null : (
        <Button block loading={busy} onClick={more}>
          {text("list.more")}
        </Button>
      )}
    </>
  );
}
