import { Component, type ReactNode } from "react";
import { useText } from "./language/language-context.tsx";
import { sharedPhrases } from "./language/shared-phrases.ts";

/** Keeps a part of the page that failed from taking the rest with it. Most often it is a part that is loaded when it is
 *  looked at, on a page that was open while the server got a new version: loading it anew helps. React writes the error to
 *  the browser's console. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <PageFailed /> : this.props.children;
  }
}

function PageFailed() {
  const text = useText(sharedPhrases);
  return (
    <section className="page-failed" role="alert" data-testid="page-failed">
      <p>{text("error.unknown")}</p>
      <button type="button" onClick={() => location.reload()}>
        {text("reload")}
      </button>
    </section>
  );
}
