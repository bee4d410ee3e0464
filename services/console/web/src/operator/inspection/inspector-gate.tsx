import type { InspectorView } from "@hotgrid/contracts";
import { Button, Result, Spin } from "antd";
import { type ReactNode, useEffect } from "react";
import { useLoaded } from "../../api/use-loaded.ts";
import { useText } from "../../language/language-context.tsx";
import { operatorPhrases } from "../phrases.ts";
import { Failure } from "../shell/failure.tsx";
import { routeHash } from "../use-route.ts";
import { inspectionPhrases } from "./phrases.ts";

export interface InspectorGateProps {
  readonly logout: () => Promise<void>;
  readonly children: ReactNode;
}

/** Without a grant that holds the server answers an inspector nothing: it is said here, instead of by every list. */
export function InspectorGate({ logout, children }: InspectorGateProps) {
  const text = useText(inspectionPhrases);
  const words = useText(operatorPhrases);
  const { data, error, reload } = useLoaded<{ items: readonly InspectorView[] }>("/inspectors");
  const granted = data?.items.some(({ grant }) => grant?.active) ?? false;
  useEffect(() => {
    if (granted && location.hash.length <= 2) location.hash = routeHash({ page: "inspection" });
  }, [granted]);
  if (error !== null) return <Failure error={error} retry={reload} />;
  if (data === null) return <Spin fullscreen description={words("loading")} />;
  if (granted) return children;
  return (
    <Result
      status="403"
      title={text("grant.missing")}
      subTitle={text("grant.missingHint")}
      extra={[
        <Button key="again" onClick={reload}>
          {words("retry")}
        </Button>,
        <Button key="logout" onClick={() => void logout().catch(reload)}>
          {words("logout")}
        </Button>,
      ]}
      data-testid="no-grant"
    />
  );
}
