import { Button, SpinLoading } from "antd-mobile";
import type { ReactNode } from "react";

export interface MessageProps {
  readonly title: string;
  readonly hint?: string;
  readonly busy?: boolean;
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly children?: ReactNode;
}

/** A page's empty, waiting and error state. */
export function Message({ title, hint, busy, action, children }: MessageProps) {
  return (
    <section className="message" role={busy ? "status" : "alert"}>
      {busy ? <SpinLoading color="primary" /> : null}
      <p className="message-title">{title}</p>
      {hint === undefined ? null : <p className="message-hint">{hint}</p>}
      {action === undefined ? null : (
        <Button color="primary" size="large" onClick={action.run}>
          {action.label}
        </Button>
      )}
      {children}
    </section>
  );
}
